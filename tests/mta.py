"""A real mail server, Postfix, that hands on to one of ours; and certificates for servers that encrypt.

It has folders and ports of its own, so that it meets no other one on this machine, and takes mail in three ways: in the
clear, after STARTTLS, and on an encrypted connection; the latter two only from who knows the password.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.service_sample import a_free_port

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_POSTFIX, _SASL = shutil.which("postfix", path=_PATH), shutil.which("saslpasswd2", path=_PATH)
AVAILABLE = bool(_POSTFIX and _SASL) and os.geteuid() == 0
needs_mta = pytest.mark.skipif(
    not AVAILABLE,
    reason="needs Postfix (apt-get install postfix sasl2-bin libsasl2-modules), and root to start it",
)
USER, PASSWORD = "desk", "päss wörd"
_MAIN = """
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
myhostname = mta.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
relayhost = [127.0.0.1]:{onward}
smtp_dns_support_level = disabled
smtp_tls_security_level = none
smtpd_tls_cert_file = {place}/server.pem
smtpd_tls_key_file = {place}/server.key
smtpd_sasl_local_domain = mta.test
smtputf8_enable = yes
"""
_SECURED = (
    "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject "
    "-o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
)
_MASTER = f"""
127.0.0.1:{{clear}} inet n - n - - smtpd
127.0.0.1:{{starttls}} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {_SECURED}
127.0.0.1:{{tls}} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {_SECURED}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
_SASL_CONF = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {place}/sasldb2
mech_list: PLAIN LOGIN
"""


@dataclass(frozen=True)
class Mta:
    """Where it listens."""

    clear: int
    starttls: int
    tls: int
    #: The certificate by which its own is known.
    authority: Path
    log: Path


@contextmanager
def mta(onward: int) -> Iterator[Mta]:
    """Run it; what it takes it hands on to a port."""
    assert _POSTFIX is not None
    # Its parts have users of their own: pytest's folders are closed to them.
    place = Path(tempfile.mkdtemp(prefix="postfix-"))
    place.chmod(0o755)
    clear, starttls, tls = a_free_port(), a_free_port(), a_free_port()
    authority = certificates(place).authority
    told = {"place": place, "clear": clear, "starttls": starttls, "tls": tls, "onward": onward}
    (place / "sasl").mkdir()
    for name, text in (("main.cf", _MAIN), ("master.cf", _MASTER), ("sasl/smtpd.conf", _SASL_CONF)):
        (place / name).write_text(text.format(**told))
    for name in ("queue", "data"):
        (place / name).mkdir()
    shutil.chown(place / "data", "postfix")
    _let_in(place)
    command = [_POSTFIX, "-c", str(place)]
    try:
        subprocess.run([*command, "start"], check=True, capture_output=True, text=True)
        _wait(clear, place / "log")
        yield Mta(clear, starttls, tls, authority, place / "log")
    finally:
        subprocess.run([*command, "stop"], check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def _let_in(place: Path) -> None:
    assert _SASL is not None
    command = [_SASL, "-p", "-c", "-f", str(place / "sasldb2"), "-u", "mta.test", USER]
    subprocess.run(command, input=PASSWORD.encode(), check=True, capture_output=True)
    shutil.chown(place / "sasldb2", "postfix")


def _wait(port: int, log: Path) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="here.test", timeout=5) as smtp:
                smtp.noop()
        except OSError:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        else:
            return


@dataclass(frozen=True)
class Certificates:
    """An authority, and a server's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path, host: str = "127.0.0.1") -> Certificates:
    """Make an authority that nobody knows, and let it sign for an address on loopback."""
    root, root_key = _issued("House authority")
    server, server_key = _issued(host, root, root_key)
    made = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    made.authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    made.certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    made.key.touch(0o600)
    made.key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made


def _issued(
    name: str, issuer: x509.Certificate | None = None, issuer_key: ec.EllipticCurvePrivateKey | None = None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is not None and issuer_key is not None:
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(known, critical=False).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False
        )
    return builder.sign(issuer_key or key, hashes.SHA256()), key
