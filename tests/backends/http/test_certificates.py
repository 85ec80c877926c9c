"""A certificate of one's own making is told as such, with what can be done about it."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.backends.base import Failure
from tests.backends.asking import backend, failure_of

if TYPE_CHECKING:
    from pathlib import Path

    import aiohttp


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_self_signed_certificate_is_told_as_such(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async def leave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listening = await asyncio.start_server(leave, "127.0.0.1", 0, ssl=self_signed(tmp_path))
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        error = await failure_of(backend(session, f"https://localhost:{port}/v1"))

    assert error.failure is Failure.UNREACHABLE
    assert error.detail == (
        "the certificate of localhost is not trusted;"
        " a file with that of its issuer can be named in SSL_CERT_FILE"
    )
