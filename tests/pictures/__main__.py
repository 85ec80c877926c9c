"""The pictures of the README, taken through a browser: `python -m tests.pictures`."""

from tests.browser.pictures import main

if __name__ == "__main__":
    main()
