"""A person at a browser, for tests: follows forms with their tokens, and reads pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """One browser. `get` and `post` give the answer as it came; redirects are followed only where asked."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        answer = self.client.get(path, **more)
        self._note(answer)
        return answer

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form as a page of ours would: with the token of the last page seen."""
        if not self.token:
            self.get("/sign-in", follow_redirects=True)
        answer = self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **more)
        self._note(answer)
        return answer

    def sign_in(self, login: str, password: str, **more: Any) -> TestResponse:
        """Use the sign-in page."""
        self.get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password, **more})

    def _note(self, answer: TestResponse) -> None:
        if answer.status_code in (302, 303):
            self.token = ""  # signing in and out makes a new one
        elif answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
