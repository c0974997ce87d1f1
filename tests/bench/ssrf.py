"""Ask for addresses that must never be reached, directly and by redirects, and count the connections that were begun.

    python -m tests.bench.ssrf

The real Fetcher, engine and guard run; only the last step, where a connection would be made, is a stub that notes the
address. Nothing leaves the process. Names are resolved by the system as ever, those of ``.example`` by a stub that
changes its mind (DNS rebinding) or gives a public and a private address at once.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler import urls
from tests.bench.report import write
from tests.fetching import fetch

#: Beside the corpus: what else stands in the guard's list, in the forms in which it is written to get around it.
MORE = (
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xA9FEA9FE/", "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/", "http://[2001:0:a9fe:a9fe::]/",
    "http://[::169.254.169.254]/", "http://[::ffff:0:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[fec0::1]/",
    "http://[fc00::1]/", "http://[ff02::1]/", "http://[100::1]/", "http://100.100.100.200/", "http://168.63.129.16/",
    "http://192.0.0.192/", "http://192.168.0.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://0.1.2.3/",
    "http://127.1/", "http://0/", "http://127.0.0.1./", "http://127.0.0.1:80/", "http://user@127.0.0.1/",
    "http://１６９.254.169.254/", "http://127。0。0。1/", "http://LOCALHOST/", "http://0x7f000001/",
    "http://rebind.example/", "http://inside.example/", "http://mixed.example/", "http://six.example/",
    "gopher://127.0.0.1/", "data:text/html,hello", "//127.0.0.1/", "http://127.0.0.1\\@example.org/",
    "http://[::1]:80:80/", "http://[127.0.0.1]/",
)  # fmt: skip
#: Where the stub of the name server may lead; the connection to them is a stub as well.
PUBLIC = ("8.8.8.8", "93.184.216.34")

_BEFORE = """
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address
targets = json.loads(Path(options["targets"]).read_text())
begun, lookups = [], []

def prepare(fetcher):
    real = fetcher._download
    async def download(request):
        host = request.url.split("/")[2]
        if not host.endswith("start.example"):
            return await real(request)
        number = host.split(".")[0]
        if not request.url.endswith("/go"):
            return Response(request.url, status=404)
        return Response(request.url, status=302, headers={"Location": targets[int(number)].encode()})
    fetcher._download = download
"""
_INSTALLED = """
    from twisted.internet import reactor
    def no_connection(host, port, *args, **kwargs):
        begun.append(host)
        raise OSError("no connection is made here")
    reactor.connectTCP = no_connection
    system = reactor.nameResolver
    class Names:
        def resolveHostName(self, receiver, name, port=0, *args, **kwargs):
            if not name.endswith(".example"):
                return system.resolveHostName(receiver, name, port, *args, **kwargs)
            lookups.append(name)
            found = {
                "rebind.example": ["8.8.8.8" if lookups.count(name) == 1 else "127.0.0.1"],
                "inside.example": ["10.0.0.1"], "mixed.example": ["93.184.216.34", "192.168.1.1"],
                "six.example": ["::1"],
            }[name]
            receiver.resolutionBegan(None)
            for each in found:
                receiver.addressResolved((IPv6Address if ":" in each else IPv4Address)("TCP", each, port))
            receiver.resolutionComplete()
            return None
    reactor.installNameResolver(Names())
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of asking."""

    asked: int
    #: Addresses to which a connection was begun.
    begun: tuple[str, ...]
    reasons: dict[str, int]
    #: What was answered, which must be nothing.
    answered: tuple[str, ...]

    @property
    def reached(self) -> tuple[str, ...]:
        """List the connections that must not be."""
        return tuple(sorted({host for host in self.begun if host not in PUBLIC}))


def run(folder: Path, addresses: list[str], *, robots: bool) -> Result:
    """Ask for every address: as it is, as feeds' links are normalised, and by a redirect to it."""
    config = folder / f"config-{robots}"
    config.mkdir()
    for name in ("sources", "watches", "digests"):
        (config / f"{name}.toml").write_text("")
    (config / "presswatch.toml").write_text(f'[crawl]\ntimeout = "5s"\nrobots = {str(robots).lower()}\n')
    (config / "targets.json").write_text(json.dumps(addresses))
    plain = [each for one in addresses for each in (one, urls.normalise(one) or one)]
    asks = [*plain, *(f"http://{number}.start.example/go" for number in range(len(addresses)))]
    after = "found = [*found, *({'begun': host} for host in begun)]"
    found: list[dict[str, Any]] = fetch(
        config,
        *({"url": each} for each in asks),
        before=_BEFORE,
        installed=_INSTALLED,
        after=after,
        targets=str(config / "targets.json"),
    )["answers"]
    begun = tuple(each["begun"] for each in found if "begun" in each)
    told = [each for each in found if "begun" not in each]
    # One of them, "http:///127.0.0.1/", is by the rules of addresses a path of the host that redirects to it.
    answered = tuple(
        f"{ask}: {each}"
        for ask, each in zip(asks, told, strict=True)
        if "reason" not in each and "start.example/127.0.0.1" not in each["final"]
    )
    return Result(len(asks), begun, dict(Counter(each["reason"] for each in told if "reason" in each)), answered)


def main() -> int:
    """Print the table; fail when anything was reached."""
    corpus = Path(__file__).parents[3] / "shared" / "corpus" / "hostile" / "ssrf_urls.json"
    if not corpus.is_file():
        sys.exit("the corpus is not beside this checkout (../shared/corpus/hostile/ssrf_urls.json)")
    listed = json.loads(corpus.read_text(encoding="utf-8"))
    rows, reached = [], 0
    for robots in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            result = run(Path(folder), [*listed, *MORE], robots=robots)
        reached += len(result.reached) + len(result.answered)
        reasons = ", ".join(f"{name} {number}" for name, number in sorted(result.reasons.items()))
        rows.append(("robots.txt first" if robots else "the page itself", result.asked, len(result.reached), reasons))
    about = f"{len(listed)} addresses of the corpus and {len(MORE)} more, each asked for directly and by a redirect."
    write("ssrf", about, ("asked for", "requests", "reached", "refused as"), rows)
    return 1 if reached else 0


if __name__ == "__main__":
    sys.exit(main())
