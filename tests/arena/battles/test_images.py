"""What passes for an image. The good ones are Pillow's, and so is the second opinion."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from bot.arena.battles.images import check_declared, read_image
from bot.arena.models.probe import IMAGE
from bot.domain.image import ImageKind
from bot.errors import ArenaError
from tests.images import PNG_MAGIC, animated, hollow_png, part, picture

MOST = 3_900_000
PNG, JPEG = picture("PNG"), picture("JPEG")
DAMAGED = "damaged or incomplete"


def refusal(content: bytes, most: int = MOST) -> str:
    with pytest.raises(ArenaError) as caught:
        read_image(content, most)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, ImageKind.PNG),
        (picture("PNG", optimize=True, dpi=(300, 300)), ImageKind.PNG),
        (JPEG, ImageKind.JPEG),
        (picture("JPEG", progressive=True, quality=30), ImageKind.JPEG),
        (picture("JPEG", exif=b"Exif\0\0" + bytes(500), comment=b"\xff\xd9 \xff\xda"), ImageKind.JPEG),
    ],
    ids=["png", "png with resolution", "jpeg", "progressive jpeg", "jpeg with exif and a comment"],
)
def test_an_image_is_known_by_its_content(content: bytes, kind: ImageKind) -> None:
    image = read_image(content, MOST)

    assert (image.kind, image.width, image.height) == (kind, 640, 480)
    assert image.content == content


@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(["PNG", "JPEG"]))
def test_width_and_height_are_those_that_pillow_reads(width: int, height: int, file_format: str) -> None:
    content = picture(file_format, (width, height))

    image = read_image(content, MOST)

    assert (image.width, image.height) == Pillow.open(BytesIO(content)).size


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (picture("GIF"), "This file is GIF."),
        (animated("GIF"), "This file is GIF."),
        (picture("WEBP"), "This file is WebP."),
        (picture("BMP"), "This file is BMP."),
        (picture("TIFF"), "This file is TIFF."),
        (b"%PDF-1.7\n", "This file is PDF."),
        (b"#!/bin/sh\n", "This file is no image."),
        (b"", "This file is no image."),
    ],
    ids=["gif", "animated gif", "webp", "bmp", "tiff", "pdf", "text", "nothing"],
)
def test_what_is_neither_png_nor_jpeg_is_named(content: bytes, said: str) -> None:
    assert said in refusal(content)
    assert "PNG and JPEG" in refusal(content)


def test_an_image_that_moves_is_refused() -> None:
    assert "animated" in refusal(animated("PNG"))


def test_a_side_may_have_8000_pixels() -> None:
    assert read_image(hollow_png(8000, 8000), MOST).width == 8000


@pytest.mark.parametrize(("width", "height"), [(8001, 1), (1, 8001)])
def test_a_longer_side_is_refused_with_the_size_and_the_limit(width: int, height: int) -> None:
    said = refusal(hollow_png(width, height))

    assert f"8000 pixels wide and high at most. This one is {width} × {height}." in said


def test_a_bomb_is_refused_unopened() -> None:
    assert "4294967295 × 4294967295" in refusal(hollow_png(2**32 - 1, 2**32 - 1))


def test_a_file_over_the_limit_is_told_both_sizes() -> None:
    assert "4 MB at most. This one has 4.01 MB" in refusal(PNG + bytes(4_000_001 - len(PNG)), 4_000_000)


@pytest.mark.parametrize("content", [PNG, JPEG], ids=["png", "jpeg"])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_ends_too_early_is_damaged(content: bytes, share: float) -> None:
    cut = content[: max(9, int(len(content) * share))]

    assert DAMAGED in refusal(cut)


@pytest.mark.parametrize(
    "content",
    [
        PNG.replace(b"IDAT", b"IDAX", 1),
        PNG[:40] + b"\0\0\0" + PNG[43:],
        PNG_MAGIC + part(b"IDAT", b"") + part(b"IEND", b""),
        PNG_MAGIC + part(b"IHDR", b"\0\0") + part(b"IEND", b""),
        PNG_MAGIC + b"\xff\xff\xff\xffIHDR" + bytes(20),
        hollow_png(0, 5),
        b"\xff\xd8\xff\xe0\0\0" + bytes(50),
        b"\xff\xd8\xff\xda" + bytes(20) + b"\xff\xd9",
        b"\xff\xd8" + b"\xff" * 50,
        JPEG.replace(b"\xff\xc0", b"\xff\xc4"),
        JPEG.replace(struct.pack(">HH", 480, 640), bytes(4)),
    ],
    ids=[
        *("part renamed", "bytes changed", "no header", "short header", "endless part", "no width"),
        *("empty segment", "no frame", "padding alone", "frame hidden", "no size"),
    ],
)
def test_a_file_that_was_tampered_with_is_damaged(content: bytes) -> None:
    assert DAMAGED in refusal(content)


@given(st.binary(max_size=300), st.sampled_from([b"", PNG_MAGIC, b"\xff\xd8\xff", PNG[:33], JPEG[:160]]))
def test_no_bytes_break_the_reader(rest: bytes, beginning: bytes) -> None:
    try:
        image = read_image(beginning + rest, MOST)
    except ArenaError:
        return

    assert 1 <= image.width <= 8000
    assert 1 <= image.height <= 8000


def test_a_file_of_a_hundred_thousand_parts_is_read_in_passing() -> None:
    header, rest = PNG[:33], PNG[33:]

    image = read_image(header + part(b"teXt", b"") * 100_000 + rest, MOST)

    assert image.width == 640


@pytest.mark.parametrize("declared", ["image/png", "image/jpeg", "IMAGE/PNG; charset=binary", None])
def test_a_declared_type_that_may_fit_passes(declared: str | None) -> None:
    check_declared(declared, MOST, MOST)


@pytest.mark.parametrize("declared", ["image/gif", "image/webp", "image/svg+xml", "video/mp4", ""])
def test_another_declared_type_is_refused_before_the_file_is_fetched(declared: str) -> None:
    with pytest.raises(ArenaError, match="PNG and JPEG"):
        check_declared(declared, 10, MOST)


def test_a_declared_size_over_the_limit_is_refused_before_the_file_is_fetched() -> None:
    with pytest.raises(ArenaError, match=r"3\.9 MB at most. This one has 3\.91 MB"):
        check_declared("image/png", MOST + 1, MOST)


def test_an_image_says_nothing_of_its_content_in_a_log() -> None:
    assert repr(read_image(PNG, MOST)).endswith("width=640, height=480)")


def test_the_image_of_a_trial_is_one() -> None:
    assert read_image(IMAGE.content, MOST) == IMAGE
