"""What every answer carries and every request must show (reliability.md S20-S22, S36): headers, cookies, hosts, sizes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from workflows.errors import NotAllowed
from workflows.http import SAFE, refuse_undeclared
from workflows.settings import Settings

MEBIBYTE: Final = 1024 * 1024
LARGEST_REQUEST: Final = 40 * MEBIBYTE
"""Several files of 10 MiB in one form; a single one that is larger is refused by the engine, at its field."""
POLICY: Final = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    )
)  # fmt: skip
"""No inline style or script anywhere; Bootstrap's arrows are data images; fonts are the device's own."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `same-origin`, not `no-referrer`: the check of forms over https asks for the referrer.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LASTING_FILES: Final = frozenset({"static", "bootstrap.static"})


def configure(app: Flask, settings: Settings) -> None:
    """Set Flask's configuration for this installation. Demo mode speaks http on this machine and names its cookies plainly."""
    prefix = "" if settings.demo else "__Host-"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME=f"{prefix}page",
        SESSION_COOKIE_SECURE=not settings.demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WORKFLOWS_TICKET=f"{prefix}ticket",
        WORKFLOWS_LANGUAGE=settings.language,
        PREFERRED_URL_SCHEME=urlsplit(settings.base_url).scheme,
        TRUSTED_HOSTS=_hosts(settings),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * MEBIBYTE,
        MAX_FORM_PARTS=5000,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]


def install(app: Flask, settings: Settings) -> CSRFProtect:
    """Check every request and mark every answer; gives the CSRF guard, so that doors for programs can be taken out of it."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.before_request(refuse_other_sites)
    app.before_request(refuse_undeclared)
    guard = CSRFProtect(app)

    @app.after_request
    def mark(response: Response) -> Response:
        return _mark(response, lasting=not settings.demo)

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and app.static_folder and "filename" in values:
            values.setdefault("v", _stamp(Path(app.static_folder) / values["filename"]))

    return guard


def refuse_other_sites() -> None:
    """A second layer under the CSRF token: browsers say which site sent a form; another one's is refused."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE and site not in ("same-origin", "none"):
        raise NotAllowed("这个表单不是从本系统的页面提交的。", "This form was not sent by a page of this service.")


def _mark(response: Response, lasting: bool) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if lasting:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in LASTING_FILES or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def _hosts(settings: Settings) -> list[str]:
    own = urlsplit(settings.base_url).hostname or "localhost"
    return [own, "127.0.0.1", "localhost", "::1"] if settings.demo else [own, "127.0.0.1"]


def _stamp(file: Path) -> str:
    """Changes with the file, so that browsers may keep it for good."""
    return f"{int(file.stat().st_mtime):x}" if file.is_file() else "0"
