"""Where nothing is fetched from: other schemes, private addresses in any disguise, redirects to them; names that are paths."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest

from kakehashi.pipeline.fetch import FetchError, Limits
from kakehashi.pipeline.fetch import failures as why
from kakehashi.pipeline.fetch.guard import checked, following, is_public
from kakehashi.pipeline.fetch.names import name_of
from kakehashi.vocabulary.text import ErrorCode, Text
from tests.support.fetching import CONTENT, OTHER, QUICK, got, refused
from tests.support.programs import requires_program
from tests.support.site import Site, begin, cut, file, in_turn, redirect, site


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as one:
        yield one


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


# Where nothing is fetched from


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", why.SCHEME),
        ("ftp://example.com/file", why.SCHEME),
        ("gopher://example.com/", why.SCHEME),
        ("data:text/plain,x", why.SCHEME),
        ("//example.com/file", why.SCHEME),
        ("example.com/file", why.SCHEME),
        ("", why.SCHEME),
        ("http:///file", why.BAD_URL),
        ("http://[::1", why.BAD_URL),
        ("http://example.com/\r\nX: y", why.BAD_URL),
        ("http://example.com:port/", why.BAD_URL),
        ("http://１２７.0.0.1/", why.BAD_URL),
        ("http://0177.0.0.1/", why.BAD_URL),
        ("http://[fe80::1%25lo]/", why.BAD_URL),
        ("http://%31%32%37.0.0.1/", why.BAD_URL),
        ("http://a b/", why.BAD_URL),
        ("http://user@example.com/", why.USERINFO),
        ("http://user:secret@example.com/", why.USERINFO),
        ("http://example.com\\@127.0.0.1/", why.USERINFO),
    ],
)
def test_what_is_no_address_to_fetch_from_is_refused(cache: Path, url: str, reason: Text) -> None:
    error = refused(reason, url, cache)
    assert error.code == ErrorCode.FETCH_FAILED
    assert "secret" not in error.text.en
    assert not cache.exists()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.0.2", "0x7f000001", "0x7f.1", "2130706433", "017700000001", "0", "0.0.0.0",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]",
        "[64:ff9b::7f00:1]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001::1]",
        "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[100::1]",
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
        "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "localhost", "LOCALHOST",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_whatever_form(cache: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", lambda *_: pytest.fail("a connection was opened"))
    refused(why.NOT_PUBLIC, f"http://{host}:1/file", cache, allow_private=False)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "223.255.255.255", "2606:4700::1111", "2a00::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


class Names:
    """Answers the look-up of names in turn, and counts; numbers are passed on to the system."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
        self.left, self.looked_up = list(answers), list[str]()
        self._system = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, port: object, *args: Any, **options: Any) -> list[Any]:
        if host.endswith(".example"):
            self.looked_up.append(host)
            addresses = self.left.pop(0) if len(self.left) > 1 else self.left[0]
            return [found for address in addresses for found in self._system(address, port, type=socket.SOCK_STREAM)]  # type: ignore[arg-type]
        return self._system(host, port, *args, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:10.0.0.1"]])
def test_a_name_with_a_private_address_among_its_own_is_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", lambda *_: pytest.fail("a connection was opened"))
    Names(monkeypatch, addresses)
    refused(why.NOT_PUBLIC, "http://evil.example/file", cache, allow_private=False)


def test_a_name_is_looked_up_once_and_its_address_is_the_one_connected_to(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second answer, a private one, is never asked for. No connection leaves this machine here."""
    connected: list[tuple[str, int]] = []

    def no_network(_: object, host: str, port: int, *args: object) -> None:
        connected.append((host, port))
        raise httpcore2.ConnectError("not in a test")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", no_network)
    resolver = Names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    refused(why.CUT, "http://rebinding.example/file", cache, Limits(attempts=1), allow_private=False)
    assert (resolver.looked_up, connected) == (["rebinding.example"], [("93.184.215.14", 80)])
    refused(why.NOT_PUBLIC, "http://rebinding.example/file", cache, Limits(attempts=1), allow_private=False)
    assert len(connected) == 1


def test_the_name_stays_in_the_host_header(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with site() as good, site("127.0.0.2", int(good.base.rpartition(":")[2])) as other:
        good.pages["/file"] = file(CONTENT)
        resolver = Names(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        url = good.base.replace("127.0.0.1", "pinned.example") + "/file"
        assert got(url, cache).file.content == CONTENT
        assert (good.headers()["host"], len(other.asked)) == (url.split("/")[2], 0)
        assert resolver.looked_up == ["pinned.example"]


def test_the_next_address_of_a_host_is_tried(here: Site, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here.pages["/file"] = file(CONTENT)
    Names(monkeypatch, ["127.0.0.3", "127.0.0.1"])
    assert got(here.base.replace("127.0.0.1", "two.example") + "/file", cache).file.content == CONTENT


@pytest.mark.parametrize(("errno", "times"), [(socket.EAI_AGAIN, QUICK.attempts), (socket.EAI_NONAME, 1)])
def test_a_name_that_is_not_known_is_told(cache: Path, monkeypatch: pytest.MonkeyPatch, errno: int, times: int) -> None:
    asked = []

    def unknown(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(errno, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused(why.UNKNOWN_HOST, "http://nowhere.example/file", cache)
    assert len(asked) == times


@pytest.mark.parametrize("host", ["a..example", "x" * 64 + ".example"])
def test_a_host_that_is_no_name_is_told(cache: Path, host: str) -> None:
    refused(why.UNKNOWN_HOST, f"http://{host}/file", cache)


# Where redirects lead


def test_five_redirects_are_followed_and_six_are_not(here: Site, cache: Path) -> None:
    here.pages |= {
        f"/{number}": redirect(f"/{number + 1}", status) for number, status in enumerate((301, 302, 303, 307, 308, 302))
    }
    here.pages["/6"] = file(CONTENT)
    assert got(f"{here.base}/1", cache).url == f"{here.base}/6"
    refused(why.MANY_REDIRECTS, f"{here.base}/0", cache)


def test_a_loop_ends(here: Site, cache: Path) -> None:
    here.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    refused(why.MANY_REDIRECTS, f"{here.base}/a", cache)
    assert len(here.asked) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", why.SCHEME),
        ("ftp://127.0.0.1/file", why.SCHEME),
        ("http://user:secret@127.0.0.1/file", why.USERINFO),
        ("http://127.0.0.1:port/", why.BAD_REDIRECT),
        ("", why.BAD_REDIRECT),
    ],
)
def test_a_redirect_to_what_is_not_fetched_is_refused(here: Site, cache: Path, location: str, reason: Text) -> None:
    here.pages["/file"] = redirect(location)
    error = refused(reason, f"{here.base}/file", cache)
    assert "secret" not in error.text.en


def test_a_redirect_to_a_private_address_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 plays the public host here, 127.0.0.2 the private one."""
    monkeypatch.setattr("kakehashi.pipeline.fetch.guard.is_public", lambda address: str(address) == "127.0.0.1")
    with site() as public, site("127.0.0.2") as private:
        private.pages["/file"] = file(CONTENT)
        public.pages["/file"] = redirect(f"{private.base}/file")
        refused(why.NOT_PUBLIC, f"{public.base}/file", cache, allow_private=False)
        assert (len(public.asked), len(private.asked)) == (1, 0)


def test_from_https_to_http_is_refused() -> None:
    with pytest.raises(FetchError) as caught:
        following(checked("https://a.example/x?token=1"), "http://a.example/x?token=1")
    assert caught.value.text == why.DOWNGRADE(url="https://a.example/x", target="http://a.example/x")
    assert str(following(checked("http://a.example/x"), "https://a.example/y")) == "https://a.example/y"
    assert str(following(checked("https://a.example/x/y"), "../z#part")) == "https://a.example/z"


def test_validators_are_not_shown_to_another_address(here: Site, cache: Path) -> None:
    here.pages |= {"/latest": redirect("/v1"), "/v1": file(CONTENT, '"one"'), "/v2": file(OTHER, '"one"')}
    got(f"{here.base}/latest", cache)
    assert got(f"{here.base}/latest", cache).from_cache
    here.pages["/latest"] = redirect("/v2")
    found = got(f"{here.base}/latest", cache)
    assert (found.from_cache, found.file.content, found.url) == (False, OTHER, f"{here.base}/v2")
    here.pages["/latest"] = lambda handler: begin(handler, 304)
    refused(why.STATUS, f"{here.base}/latest", cache)


def test_the_beginning_of_one_address_is_not_continued_at_another(here: Site, cache: Path) -> None:
    here.pages |= {"/latest": in_turn(redirect("/v1"), redirect("/v2")), "/v1": cut(CONTENT, 300_000, ETag='"one"')}
    here.pages["/v2"] = file(OTHER, '"one"')
    assert got(f"{here.base}/latest", cache).file.content == OTHER


# TLS


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path, list[str | None]]:
    """A server's side of TLS with a certificate for localhost, the certificate, and the names that clients asked for."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        requires_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", str(key), "-out", str(certificate),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    return context, certificate, asked


def test_the_certificate_is_checked_against_the_name_and_a_downgrade_refused(
    cache: Path, tls: tuple[ssl.SSLContext, Path, list[str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate, asked = tls
    with site(tls=context) as secure, site() as plain:
        secure.pages |= {"/file": file(CONTENT), "/down": redirect(f"{plain.base}/file")}
        named = secure.base.replace("127.0.0.1", "localhost")
        refused(why.CERTIFICATE, f"{named}/file", cache)
        assert len(asked) == 1, "a certificate that cannot be trusted is not asked for again"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert got(f"{named}/file", cache).file.content == CONTENT
        assert (asked[-1], secure.headers()["host"]) == ("localhost", named.split("/")[2])
        refused(why.CERTIFICATE, f"{secure.base}/file", cache)
        refused(why.DOWNGRADE, f"{named}/down", cache)
        assert plain.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("none.pem")))
        refused(why.CERTIFICATE, f"{named}/file", cache)


# Names


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a/catalogue.json", "catalogue.json"),
        ("/../../etc/passwd", "passwd"),
        ("/..%2f..%2fetc%2fpasswd", "_.._etc_passwd"),
        ("/..%5c..%5cboot.ini", "_.._boot.ini"),
        ("/%2e%2e", "index"),
        ("/.bashrc", "bashrc"),
        ("/", "index"),
        ("", "index"),
        ("/a%00b%0ac.json", "a_b_c.json"),
        ("/%e8%a1%a8.xlsx", "表.xlsx"),
        ("/%ff.yaml", "_.yaml"),
        ("/%e2%80%aegnp.exe.yaml", "_gnp.exe.yaml"),
        ("/" + "x" * 1000 + ".json", "x" * 115 + ".json"),
    ],
)
def test_no_name_is_a_path(path: str, name: str) -> None:
    url = checked(f"http://example.com{path}")
    assert name_of(url, url) == name


def test_a_name_without_a_suffix_gives_way_to_where_it_leads() -> None:
    url = httpx2.URL
    assert name_of(url("http://a.example/latest"), url("http://a.example/v1/data.json?x=.y")) == "data.json"
    assert name_of(url("http://a.example/data.json"), url("http://cdn.example/9f8e7d.bin")) == "data.json"
    assert name_of(url("http://a.example/latest"), url("http://a.example/newest")) == "latest"


def test_hostile_names_stay_inside_the_cache(here: Site, cache: Path) -> None:
    for path in ("/..%2f..%2f..%2foutside", "/%2fetc%2fpasswd", "/a%00b", "/" + "x" * 5000, "/lock.lock", "/x.part"):
        here.pages[path] = file(CONTENT)
        got(here.base + path, cache)
    assert all(len(path.name) == 64 for path in cache.iterdir() if path.suffix != ".lock")
    assert [path.name for path in cache.parent.iterdir()] == ["cache"]
