"""Carry the client's requests over aiohttp: less work for a request, and no more memory than is read.

The client's own pool looks through all open connections for each request, so its cost grows with the number
of calls in flight; and it reads an answer to its end, however long that is.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
from yarl import URL

from harness.errors import ConfigError
from harness.systems.answers.attempts import KEPT_OF_OVERSIZED
from harness.systems.answers.redaction import without_user
from harness.systems.model.connection import TooLongError
from harness.systems.model.providers import on_this_machine

if TYPE_CHECKING:
    from aiohttp.client import ClientResponse

_CHUNK = 256 * 1024


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 over aiohttp, without a time-out of its own and with as many connections as there are calls.

    Certificates are verified as the client library does it. Proxies are taken from the environment, except
    for this machine. Made and used in one event loop.

    Args:
        address: The server; settles proxy and certificates once for all requests.
        largest: How many bytes of an answer, unpacked, are read.
    """

    def __init__(self, address: str, *, largest: int) -> None:
        self._largest = largest
        self._proxy = proxy_for(address)
        secure = address.lower().startswith("https:")
        self._context: ssl.SSLContext | bool = httpx2.create_ssl_context() if secure else True
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request whose body is there already, and read the answer.

        Raises:
            TooLongError: When the answer is longer than is read. Its connection is closed.
            httpx2.TransportError: When the connection fails.
        """
        session = self._session or self._open()
        headers = request.headers.copy()
        headers["accept-encoding"] = "gzip, deflate"
        try:
            async with session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=headers.items(),
                data=request.content,
                allow_redirects=False,
                proxy=self._proxy,
            ) as answer:
                body = await self._read(answer)
        except aiohttp.ClientConnectorError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        except aiohttp.ClientPayloadError as error:
            raise httpx2.ReadError(f"the answer broke off: {error}", request=request) from error
        except aiohttp.ClientError as error:
            raise httpx2.RemoteProtocolError(str(error) or type(error).__name__, request=request) from error
        # aiohttp has unpacked the body, so its packed length and encoding hold no longer.
        kept = [
            (name, value)
            for name, value in answer.raw_headers
            if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
        ]
        return httpx2.Response(answer.status, headers=kept, content=body, request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=self._context),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self._session

    async def _read(self, answer: ClientResponse) -> bytes:
        size = answer.content_length
        if size is not None and size > self._largest:
            head = await answer.content.read(KEPT_OF_OVERSIZED)
            answer.close()
            raise TooLongError(head, size)
        chunks: list[bytes] = []
        length = 0
        async for chunk in answer.content.iter_chunked(_CHUNK):
            chunks.append(chunk)
            length += len(chunk)
            if length > self._largest:
                answer.close()
                raise TooLongError(b"".join(chunks)[:KEPT_OF_OVERSIZED], size)
        return b"".join(chunks)


def proxy_for(address: str) -> str | None:
    """The proxy that the environment names for an address; `None` for none, and for this machine.

    Raises:
        ConfigError: For a proxy that does not speak HTTP.
    """
    url = URL(address)
    host = url.host or ""
    if on_this_machine(address) or proxy_bypass(f"{host}:{url.port}") or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy:
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.lower().startswith(("http://", "https://")):
        raise ConfigError(
            f"the proxy that the environment names is no HTTP proxy: {without_user(proxy)}",
            hint=f"set {url.scheme}_proxy to an HTTP proxy, or no_proxy to {host}",
        )
    return proxy
