"""The one page a tablet sees before it trusts this computer: what to do, the fingerprint, and the certificate."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from tautband.clinic.doors.certificates import Certificates

CERTIFICATE_PATH = "/tautband.crt"

STYLE = """
body{margin:0;background:#ebf0ee;color:#15262b;font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:32px 20px 64px}
h1{font:500 1.75rem/1.2 Georgia,serif;margin:0 0 12px}
ol{padding-left:1.4em}li{margin:10px 0}
a.go{display:block;text-align:center;background:#0e5c50;color:#fff;font-weight:600;padding:16px;border-radius:6px;
text-decoration:none;margin:20px 0}
code{display:block;background:#fafcfb;border:1px solid #c9d4d1;border-radius:6px;padding:12px;overflow-wrap:anywhere}
p.q{color:#3f5257}
"""
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def trust_page(certificates: Certificates, workbench: str) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A WSGI application with the trust page and the certificate; everything else is not found."""
    page = _page(workbench, certificates.fingerprint).encode()

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD", "GET")
        if method not in ("GET", "HEAD"):
            start("405 Method Not Allowed", [("Content-Length", "0"), ("Allow", "GET, HEAD")])
            return []
        if path == CERTIFICATE_PATH:
            body, kind = certificates.authority.read_bytes(), "application/x-x509-ca-cert"
        elif path == "/":
            body, kind = page, "text/html; charset=utf-8"
        else:
            start("404 Not Found", [("Content-Length", "0")])
            return []
        policy = f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Content-Security-Policy", policy)]
        start("200 OK", [*headers, ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
        return [body] if method == "GET" else []

    return application


def _page(workbench: str, fingerprint: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Use this tablet with Tautband</title>
<style>{STYLE}</style></head><body><main>
<h1>Use this tablet with Tautband</h1>
<p>The tablet and the computer talk in private, without the internet.
For that the tablet must know the computer once.</p>
<a class="go" href="{CERTIFICATE_PATH}">1. Fetch the certificate</a>
<ol>
<li><strong>iPad, iPhone:</strong> allow the profile, then Settings, General, VPN and Device Management: install it.
Then Settings, General, About, Certificate Trust Settings: switch on <em>Tautband on this computer</em>.</li>
<li><strong>Android:</strong> Settings, Security, More, Install a certificate, CA certificate: choose the file.</li>
<li><strong>Windows, macOS, Linux:</strong> open the file and trust it for websites.</li>
</ol>
<p>Before you trust it, compare this fingerprint with the one on the computer's screen:</p>
<code>{escape(fingerprint)}</code>
<a class="go" href="{escape(workbench)}">2. Open the workbench</a>
<p class="q">This certificate can vouch only for addresses inside a private network, never for other websites.
To forget the computer, remove the certificate in the same place.</p>
</main></body></html>"""
