# docker build -t arena-bot .
# docker run -d --name arena-bot -e DISCORD_TOKEN -e ARENA_SECRET_KEYS \
#   -v "$PWD/config.toml:/etc/arena-bot/config.toml:ro" -v arena-data:/data arena-bot
#
# Models that run on the same machine are not at "localhost" from in here: add
# --add-host host.docker.internal:host-gateway and write host.docker.internal in base_url.
# ARENA_SECRET_KEYS encrypts the API keys that moderators enter (`arena-bot new-key` prints one).
# Keys that api_key_env names are handed in with -e, like the token; the image holds none.
#
# The base image is named by its tag here. To build on one that cannot change, and to renew it, pass its digest:
#   docker pull python:3.11-slim
#   docker build --build-arg BASE="$(docker inspect --format '{{index .RepoDigests 0}}' python:3.11-slim)" -t arena-bot .
ARG BASE=python:3.11-slim
FROM ${BASE}

WORKDIR /src
# Each file that is downloaded has the hash that was noted when its version was chosen (.ci/hashes).
COPY requirements-image.txt ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-image.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN pip install --no-cache-dir --no-index --no-deps --no-build-isolation . \
    && rm -rf /src \
    && useradd --system --no-create-home --shell /usr/sbin/nologin arena \
    && install -d -o arena -g arena /data

USER arena
# The database's default path is relative: it is kept here.
WORKDIR /data
VOLUME /data
# Whether every shard has its session with Discord, by a file that the bot makes new while it has.
HEALTHCHECK --interval=60s --timeout=20s --start-period=120s \
    CMD ["sh", "-c", "arena-bot health --config /etc/arena-bot/config.toml || exit 1"]
ENTRYPOINT ["arena-bot"]
CMD ["run", "--config", "/etc/arena-bot/config.toml"]
