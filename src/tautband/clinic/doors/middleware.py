"""Cookies given out over TLS are for TLS only. Plain HTTP is reachable from this computer alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SecureOverTls:
    """Marks every cookie of a response that leaves over TLS as secure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the flag on the way out."""
        response = self.get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
