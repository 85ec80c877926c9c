"""The program that writes one image anew, without its metadata: `worker.py BYTES SIDE PIXELS SECONDS`.

It reads a file from standard input and writes a line of JSON, then the new file. It is a process of its own
because what decodes images is C code that reads what strangers made, and bounded in memory and time. A file
that Pillow cannot read ends it with an exception. It runs without the bot's code.
"""

from __future__ import annotations

import importlib
import json
import math
import struct
import sys
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms
from PIL.ExifTags import Base

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""Nothing else of Pillow reads a file."""

PLUGINS = ("PngImagePlugin", "JpegImagePlugin", "WebPImagePlugin", "GifImagePlugin")

# Its type is one of Pillow's C modules, which declare none.
_srgb: str = ImageCms.createProfile(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    "sRGB"
)
SRGB = ImageCms.ImageCmsProfile(_srgb)

MEMORY = 3 << 30
"""Addresses, most of which are never touched: a decoder of WebP reserves two canvases before it is asked."""

QUALITY = 90
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes an orientation of Exif."""

SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")
KEPT_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
TRANSPARENT = {"1": "LA", "L": "LA", "RGB": "RGBA"}
"""Where one colour stands for transparency, what says so for each pixel."""

NO_EXIF = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error)
"""What Pillow raises for damaged metadata, whose image is as good as any."""


@dataclass(frozen=True, slots=True)
class Bounds:
    file_bytes: int
    side: int
    pixels: int


class TooManyPixelsError(Exception):
    pass


def main(arguments: list[str]) -> None:
    *bounds, seconds = map(int, arguments)
    confine(seconds)
    content = sys.stdin.buffer.read()
    try:
        kind, image, written = rewritten(content, Bounds(*bounds))
    except TooManyPixelsError as exc:
        width, height = exc.args
        answer({"width": width, "height": height}, b"")
    else:
        answer({"kind": kind.lower(), "width": image.width, "height": image.height}, written)


def answer(head: dict[str, str | int], content: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)


def confine(seconds: int) -> None:
    """Take no more than is due, write no file, and leave no image behind in a dump."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not everywhere

    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def rewritten(content: bytes, bounds: Bounds) -> tuple[str, Image.Image, bytes]:
    """Return the format, the image and the file."""
    Image.MAX_IMAGE_PIXELS = None  # the bounds are stricter
    for plugin in PLUGINS:  # or Pillow imports all that it has
        importlib.import_module(f"PIL.{plugin}")
    image = Image.open(BytesIO(content), formats=FORMATS)
    if max(image.size) > bounds.side or image.width * image.height > bounds.pixels:
        raise TooManyPixelsError(*image.size)
    image.load()
    read = image.format
    image = upright(image)  # each name more would hold hundreds of megabytes
    image = eight_bits(image)
    is_photo = read in ("JPEG", "MPO") or (read == "WEBP" and is_opaque(image))
    return fitted(image, "JPEG" if is_photo else "PNG", bounds.file_bytes)


def upright(opened: Image.Image) -> Image.Image:
    """Turn the image as its camera was held, and put its colours into those that all screens show."""
    profile = opened.info.get("icc_profile")
    image = in_srgb(opened, profile) if isinstance(profile, bytes) else opened
    try:
        orientation = opened.getexif().get(Base.Orientation)
    except NO_EXIF:
        return image
    return image.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else image


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        # In place it returns nothing.
        return (
            ImageCms.profileToProfile(
                image, BytesIO(profile), SRGB, outputMode=mode, inPlace=image.mode == mode
            )
            or image
        )
    except (ImageCms.PyCMSError, OSError):
        return image


def eight_bits(image: Image.Image) -> Image.Image:
    """Bring the image into a form that PNG has, with nothing beside its pixels."""
    transparency = image.info.get("transparency")
    if image.mode in SIXTEEN_BITS:
        image, transparency = image.convert("I").point(lambda value: value / 257).convert("L"), None
    elif transparency is not None and image.mode in TRANSPARENT:
        image = image.convert(TRANSPARENT[image.mode])
    elif image.mode not in KEPT_MODES:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.info = {"transparency": transparency} if image.mode == "P" and transparency is not None else {}
    return image


def is_opaque(image: Image.Image) -> bool:
    return not image.has_transparency_data or image.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def fitted(image: Image.Image, kind: str, most_bytes: int) -> tuple[str, Image.Image, bytes]:
    """Write the image so that its file is small enough: as a photo where it can be, and smaller."""
    while True:
        if kind == "JPEG" and image.mode not in ("L", "RGB"):
            image = image.convert("RGB")
        written = file_of(image, kind)
        if len(written) <= most_bytes:
            return kind, image, written
        if kind == "PNG" and is_opaque(image):
            kind = "JPEG"
        else:
            image = shrunk(image, 0.95 * math.sqrt(most_bytes / len(written)))


def shrunk(image: Image.Image, share: float) -> Image.Image:
    size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    # Pillow shrinks neither palettes nor bitmaps well.
    drawn = image.convert("RGBA") if image.mode in ("1", "P") else image
    return drawn.resize(size, Image.Resampling.LANCZOS)


def file_of(image: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    if kind == "PNG":
        image.save(file, kind)
    else:
        image.save(file, kind, quality=QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
