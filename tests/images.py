"""Image files, written by Pillow."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def picture(file_format: str = "PNG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, file_format, **options)
    return file.getvalue()


def animated(file_format: str) -> bytes:
    file = BytesIO()
    first, *others = (Image.new("RGB", (32, 32), (shade, 0, 0)) for shade in (10, 120, 250))
    first.save(file, file_format, save_all=True, append_images=others)
    return file.getvalue()


def noise(size: tuple[int, int] = (2600, 2000)) -> bytes:
    """Return a photo of nothing, which hardly grows smaller; in its usual size it has 3 to 3.9 MB."""
    file = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


def part(name: bytes, data: bytes) -> bytes:
    """Return one part of a PNG."""
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def hollow_png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size, and has no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_MAGIC + part(b"IHDR", header) + part(b"IDAT", b"") + part(b"IEND", b"")


# Its type is one of Pillow's C modules, which declare none.
_srgb: str = ImageCms.createProfile(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    "sRGB"
)
SRGB = ImageCms.ImageCmsProfile(_srgb).tobytes()
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Alice Xmpname"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
TOLD = (b"Alice", b"CAMERA-SERIAL", b"GPS", b"Exif", b"xmpmeta", b"ICC_PROFILE", b"iCCP", b"eXIf", b"EXIF")
"""What `telling` hides in a file, and the names of the parts that it hides it in."""


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone writes beside a photo, the place included."""
    told = Image.Exif()
    told[ExifTags.Base.Orientation] = orientation
    told[ExifTags.Base.Artist] = "Alice Exifname"
    told[ExifTags.Base.Model] = "CAMERA-SERIAL-4711"
    told.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (52.0, 31.0, 12.0),
            ExifTags.GPS.GPSProcessingMethod: b"GPS of Alice",
        }
    )
    return told


def telling(file_format: str, size: tuple[int, int] = (640, 480), orientation: int = 1) -> bytes:
    """Return an image with all the metadata that its format can hold, and a ZIP archive behind its end."""
    options: dict[str, object] = {}
    match file_format:
        case "PNG":
            texts = PngImagePlugin.PngInfo()
            texts.add_text("Author", "Alice Textname")
            texts.add_text("Comment", "Alice Packedname " * 30, zip=True)
            texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
            texts.add(b"tIME", b"\x07\xea\x0b\x1e\x0d\x38\x00")
            options = {"pnginfo": texts, "exif": exif(orientation), "icc_profile": SRGB, "dpi": (300, 300)}
        case "GIF":
            options = {"comment": b"Alice Commentname"}
        case "WEBP":
            options = {"exif": exif(orientation), "xmp": XMP, "icc_profile": SRGB}
        case _:
            options = {
                "exif": exif(orientation),
                "xmp": XMP,
                "icc_profile": SRGB,
                "comment": b"Alice Commentname",
                "dpi": (300, 300),
            }
    return picture(file_format, size, **options) + b"PK\x03\x04 Alice Archivename"
