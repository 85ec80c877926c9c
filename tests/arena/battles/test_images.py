"""What members attach, and what becomes of it. The files are Pillow's, and so is the second opinion."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from bot.arena.battles.images.cleaner import ImageCleaner
from bot.arena.battles.images.file_types import check_content, check_declared
from bot.arena.models.probe import IMAGE
from bot.domain.image import ImageKind
from bot.errors import ArenaError
from tests.examples import examples
from tests.images import PNG_MAGIC, SRGB, TOLD, animated, exif, hollow_png, part, picture, telling

if TYPE_CHECKING:
    from collections.abc import Generator

    from bot.domain.image import Image

MOST = 3_900_000
PNG, JPEG = picture("PNG"), picture("JPEG")
DAMAGED = "damaged or incomplete"
BLUE = (20, 40, 220)
CORNER = (250, 240, 10)


@pytest.fixture
def cleaner() -> Generator[ImageCleaner]:
    cleaner = ImageCleaner()
    yield cleaner
    cleaner.close()


async def refusal(cleaner: ImageCleaner, content: bytes, most: int = MOST) -> str:
    with pytest.raises(ArenaError) as caught:
        await cleaner.clean(content, most)
    return str(caught.value)


def decoded(image: Image) -> Pillow.Image:
    """Read a cleaned image, which must be what is said of it."""
    read = Pillow.open(BytesIO(image.content))
    read.load()
    assert read.format == image.kind.name
    assert read.size == (image.width, image.height)
    return read


def colour(image: Image, place: tuple[int, int]) -> tuple[int, ...]:
    found = decoded(image).convert("RGBA").getpixel(place)
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def is_near(found: tuple[int, ...], wanted: tuple[int, ...], most: int = 12) -> bool:
    return all(abs(one - other) <= most for one, other in zip(found, wanted, strict=False))


def file_of(image: Pillow.Image, file_format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file_format", "kind"),
    [
        ("PNG", ImageKind.PNG),
        ("JPEG", ImageKind.JPEG),
        ("WEBP", ImageKind.JPEG),
        ("GIF", ImageKind.PNG),
        ("MPO", ImageKind.JPEG),
    ],
)
async def test_nothing_but_the_pixels_is_left(
    cleaner: ImageCleaner, file_format: str, kind: ImageKind
) -> None:
    content = telling(file_format)
    image = await cleaner.clean(content, MOST)
    read = decoded(image)

    assert any(word in content for word in TOLD)
    assert [word for word in TOLD if word in image.content] == []
    assert b"PK\x03\x04" not in image.content
    assert (image.kind, image.width, image.height) == (kind, 640, 480)
    assert set(read.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not read.getexif()
    assert is_near(colour(image, (300, 200)), (200, 30, 30))


def seen_upright(orientation: int) -> Pillow.Image:
    """Draw a landscape with a yellow corner at the top left, as a camera held like that stores it."""
    drawn = Pillow.new("RGB", (64, 32), BLUE)
    drawn.paste(CORNER, (0, 0, 16, 16))
    turns = {
        2: [Pillow.Transpose.FLIP_LEFT_RIGHT],
        3: [Pillow.Transpose.ROTATE_180],
        4: [Pillow.Transpose.FLIP_TOP_BOTTOM],
        5: [Pillow.Transpose.ROTATE_90, Pillow.Transpose.FLIP_TOP_BOTTOM],
        6: [Pillow.Transpose.ROTATE_90],
        7: [Pillow.Transpose.ROTATE_270, Pillow.Transpose.FLIP_TOP_BOTTOM],
        8: [Pillow.Transpose.ROTATE_270],
    }
    for turn in turns.get(orientation, []):
        drawn = drawn.transpose(turn)
    return drawn


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
async def test_an_image_is_turned_as_its_camera_was_held(
    cleaner: ImageCleaner, file_format: str, orientation: int
) -> None:
    content = file_of(seen_upright(orientation), file_format, exif=exif(orientation))
    image = await cleaner.clean(content, MOST)

    assert (image.width, image.height) == (64, 32)
    assert is_near(colour(image, (4, 4)), CORNER, 30)
    assert is_near(colour(image, (60, 4)), BLUE, 30)
    assert is_near(colour(image, (60, 28)), BLUE, 30)


@pytest.mark.parametrize(
    "broken", [b"Exif\0\0" + bytes(500), b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0I"]
)
async def test_damaged_metadata_does_not_spoil_an_image(cleaner: ImageCleaner, broken: bytes) -> None:
    content = picture("JPEG", exif=broken, icc_profile=b"no profile" * 20)
    image = await cleaner.clean(content, MOST)

    assert (image.width, image.height) == (640, 480)
    assert b"no profile" not in image.content


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_frame_is_shown(cleaner: ImageCleaner, file_format: str) -> None:
    image = await cleaner.clean(animated(file_format), MOST)

    assert getattr(decoded(image), "n_frames", 1) == 1
    assert is_near(colour(image, (10, 10)), (10, 0, 0))


async def test_a_cmyk_jpeg_becomes_one_that_every_server_reads(cleaner: ImageCleaner) -> None:
    content = file_of(Pillow.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG")
    image = await cleaner.clean(content, MOST)

    assert decoded(image).mode == "RGB"
    assert is_near(colour(image, (30, 30)), (255, 0, 0))


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
async def test_an_image_of_16_bits_keeps_its_greys(cleaner: ImageCleaner, mode: str) -> None:
    content = file_of(Pillow.new(mode, (8, 8), 0x8080), "PNG")
    image = await cleaner.clean(content, MOST)

    assert decoded(image).mode == "L"
    assert is_near(colour(image, (4, 4)), (128, 128, 128), 1)


async def test_a_palette_keeps_what_is_transparent(cleaner: ImageCleaner) -> None:
    drawn = Pillow.new("P", (64, 64), 0)
    drawn.putpalette([*BLUE, *CORNER])
    drawn.paste(1, (32, 0, 64, 64))
    image = await cleaner.clean(file_of(drawn, "PNG", transparency=bytes([0, 128])), MOST)

    assert colour(image, (4, 4)) == (*BLUE, 0)
    assert colour(image, (60, 4)) == (*CORNER, 128)


@pytest.mark.parametrize(("mode", "clear"), [("RGB", BLUE), ("L", 77)])
async def test_a_transparent_colour_stays_transparent(
    cleaner: ImageCleaner, mode: str, clear: int | tuple[int, ...]
) -> None:
    content = file_of(Pillow.new(mode, (8, 8), clear), "PNG", transparency=clear)
    image = await cleaner.clean(content, MOST)

    assert colour(image, (4, 4))[3] == 0


async def test_a_transparent_webp_stays_transparent(cleaner: ImageCleaner) -> None:
    content = file_of(Pillow.new("RGBA", (8, 8), (*BLUE, 0)), "WEBP")
    image = await cleaner.clean(content, MOST)

    assert image.kind is ImageKind.PNG
    assert colour(image, (4, 4))[3] == 0


async def test_colours_of_another_profile_become_those_of_screens(cleaner: ImageCleaner) -> None:
    swapped = SRGB.replace(b"rXYZ", b"wXYZ").replace(b"bXYZ", b"rXYZ").replace(b"wXYZ", b"bXYZ")
    image = await cleaner.clean(picture("PNG", icc_profile=swapped), MOST)

    assert is_near(colour(image, (4, 4)), (30, 30, 200))


@settings(examples(15))
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
def test_width_and_height_are_those_of_the_file(width: int, height: int, file_format: str) -> None:
    cleaner = ImageCleaner()
    image = asyncio.run(cleaner.clean(picture(file_format, (width, height)), MOST))

    assert decoded(image).size == (width, height)
    cleaner.close()


@pytest.mark.parametrize(
    ("file_format", "mode", "kind"),
    [
        ("JPEG", "RGB", ImageKind.JPEG),
        ("WEBP", "RGB", ImageKind.JPEG),
        ("WEBP", "RGBA", ImageKind.PNG),
    ],
)
async def test_a_file_that_grows_over_the_limit_is_made_smaller(
    cleaner: ImageCleaner, file_format: str, mode: str, kind: ImageKind
) -> None:
    noise = Pillow.merge(mode, [Pillow.effect_noise((300, 200), 90) for _ in mode])
    content = file_of(noise, file_format, quality=20)
    image = await cleaner.clean(content, len(content))

    assert image.kind is kind
    assert len(image.content) <= len(content)
    assert len(decoded(image).getbands()) == len(mode)
    assert 1.4 < image.width / image.height < 1.6


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (picture("BMP"), "This file is BMP."),
        (picture("TIFF"), "This file is TIFF."),
        (picture("AVIF"), "This file is AVIF."),
        (b"%PDF-1.7\n", "This file is PDF."),
        (b"#!/bin/sh\n", "This file is not an image."),
        (b"RIFF\0\0\0\0WAVE", "This file is not an image."),
        (b"", "This file is not an image."),
    ],
    ids=["bmp", "tiff", "avif", "pdf", "text", "sound", "nothing"],
)
def test_what_models_cannot_be_shown_is_named(content: bytes, said: str) -> None:
    with pytest.raises(ArenaError, match="PNG, JPEG, WebP and GIF") as caught:
        check_content(content, MOST)

    assert said in str(caught.value)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1", b"hevc"])
def test_a_photo_of_an_iphone_is_refused_with_what_helps(brand: bytes) -> None:
    with pytest.raises(ArenaError, match=r"HEIC.* as a JPEG; a screenshot .*Most Compatible"):
        check_content(b"\0\0\0\x24ftyp" + brand + bytes(40), MOST)


@pytest.mark.parametrize("declared", ["image/heic", "image/heif", "IMAGE/HEIC"])
def test_a_declared_heic_file_is_refused_with_what_helps(declared: str) -> None:
    with pytest.raises(ArenaError, match="Most Compatible"):
        check_declared(declared, 10, MOST)


@pytest.mark.parametrize(
    ("width", "height"), [(8001, 1), (1, 8001), (8000, 5001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)]
)
async def test_a_bomb_is_refused_unopened_with_its_size(
    cleaner: ImageCleaner, width: int, height: int
) -> None:
    said = await refusal(cleaner, hollow_png(width, height))

    assert "8000 pixels wide and high at most, and have 40 million pixels" in said
    assert f"This one is {width} × {height}." in said


async def test_a_whole_bomb_is_refused_unopened(cleaner: ImageCleaner) -> None:
    content = file_of(Pillow.new("1", (30_000, 30_000)), "PNG")

    assert "This one is 30000 × 30000." in await refusal(cleaner, content)


async def test_a_side_may_have_8000_pixels(cleaner: ImageCleaner) -> None:
    image = await cleaner.clean(picture("PNG", (8000, 50)), MOST)

    assert image.width == 8000


async def test_a_file_over_the_limit_is_told_both_sizes(cleaner: ImageCleaner) -> None:
    content = PNG + bytes(4_000_001 - len(PNG))

    assert "4 MB at most. This one has 4.01 MB" in await refusal(cleaner, content, 4_000_000)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
async def test_a_file_that_ends_too_early_is_damaged(
    cleaner: ImageCleaner, file_format: str, share: float
) -> None:
    noise = Pillow.effect_noise((320, 240), 60).convert("RGB")
    content = file_of(noise, file_format)

    assert DAMAGED in await refusal(cleaner, content[: int(len(content) * share)])


@pytest.mark.parametrize(
    "content",
    [
        PNG.replace(b"IDAT", b"IDAX", 1),
        PNG_MAGIC + part(b"IDAT", b"") + part(b"IEND", b""),
        PNG_MAGIC + part(b"IHDR", b"\0\0") + part(b"IEND", b""),
        PNG_MAGIC + b"\xff\xff\xff\xffIHDR" + bytes(20),
        hollow_png(0, 5),
        hollow_png(5, 5),
        b"\xff\xd8\xff\xe0\0\0" + bytes(50),
        b"\xff\xd8" + b"\xff" * 50,
        b"GIF89a" + bytes(20),
        b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20),
    ],
    ids=[
        *("part renamed", "no header", "short header", "endless part", "no width", "no pixels"),
        *("empty segment", "padding alone", "empty gif", "empty webp"),
    ],
)
async def test_a_file_that_was_tampered_with_is_damaged(cleaner: ImageCleaner, content: bytes) -> None:
    assert DAMAGED in await refusal(cleaner, content)


@pytest.mark.parametrize(
    "content",
    [
        PNG + b"<script>alert(1)</script>",
        picture("JPEG", comment=b"<script>alert(1)</script>"),
        animated("GIF") + b"<script>alert(1)</script>",
        PNG[:33] + part(b"scRp", b"<script>alert(1)</script>") + PNG[33:],
    ],
    ids=["behind a png", "in a jpeg's comment", "behind a gif", "in a part of its own"],
)
async def test_a_file_that_is_another_file_too_is_an_image_alone(
    cleaner: ImageCleaner, content: bytes
) -> None:
    image = await cleaner.clean(content, MOST)

    assert b"<script>" not in image.content


async def test_a_file_of_a_hundred_thousand_parts_is_read(cleaner: ImageCleaner) -> None:
    image = await cleaner.clean(PNG[:33] + part(b"teXt", b"") * 100_000 + PNG[33:], MOST)

    assert (image.width, len(image.content) < 10_000) == (640, True)


async def test_what_takes_too_long_is_refused() -> None:
    hurried = ImageCleaner(seconds=0.0)

    assert "takes too long" in await refusal(hurried, PNG)
    hurried.close()


def children() -> set[int]:
    """Return the processes that run an image's program for this one."""
    found: set[int] = set()
    for place in Path("/proc/self/task").glob("*/children"):
        for process in map(int, place.read_text().split()):
            if b"worker.py" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.add(process)
    return found


async def begun() -> set[int]:
    """Wait until such a process runs."""

    def look() -> set[int]:
        until = time.monotonic() + 60
        while not (found := children()) and time.monotonic() < until:
            pass
        return found

    return await asyncio.to_thread(look)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for the process in /proc")
async def test_a_process_that_is_killed_is_a_refusal_and_the_next_image_is_read(
    cleaner: ImageCleaner,
) -> None:
    noise = Pillow.effect_noise((2500, 1500), 60)
    asking = asyncio.create_task(refusal(cleaner, file_of(noise, "PNG")))
    for process in await begun():
        os.kill(process, signal.SIGKILL)

    assert "cannot be read at all" in await asking
    assert (await cleaner.clean(PNG, MOST)).width == 640
    assert children() == set()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for the process in /proc")
async def test_what_is_under_way_ends_with_the_bot(cleaner: ImageCleaner) -> None:
    asking = asyncio.create_task(refusal(cleaner, file_of(Pillow.effect_noise((2500, 1500), 60), "PNG")))
    await begun()
    cleaner.close()

    assert await asking
    assert children() == set()


@pytest.mark.parametrize(
    "declared", ["image/png", "image/webp", "image/gif", "IMAGE/JPEG; charset=binary", None]
)
def test_a_declared_type_that_may_fit_passes(declared: str | None) -> None:
    check_declared(declared, MOST, MOST)


@pytest.mark.parametrize("declared", ["image/tiff", "image/svg+xml", "video/mp4", ""])
def test_another_declared_type_is_refused_before_the_file_is_fetched(declared: str) -> None:
    with pytest.raises(ArenaError, match="PNG, JPEG, WebP and GIF"):
        check_declared(declared, 10, MOST)


def test_a_declared_size_over_the_limit_is_refused_before_the_file_is_fetched() -> None:
    with pytest.raises(ArenaError, match=r"3\.9 MB at most. This one has 3\.91 MB"):
        check_declared("image/png", MOST + 1, MOST)


async def test_an_image_says_nothing_of_its_content_in_a_log(cleaner: ImageCleaner) -> None:
    assert repr(await cleaner.clean(PNG, MOST)).endswith("width=640, height=480)")


async def test_the_image_of_a_trial_is_one(cleaner: ImageCleaner) -> None:
    image = await cleaner.clean(IMAGE.content, MOST)

    assert (image.kind, image.width, image.height) == (IMAGE.kind, IMAGE.width, IMAGE.height)
    assert colour(image, (1, 1)) == (255, 0, 0, 255)
    assert colour(image, (60, 1)) == (0, 0, 255, 255)
