"""The API, assembled: its addresses, what describes them, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Flask, Response, jsonify
from flask_smorest import Api  # type: ignore[import-untyped]
from flask_smorest import Blueprint as DescribedBlueprint

from workflows.api import door, problems
from workflows.api.bodies import FigureSchema, ProblemSchema, TakenSchema
from workflows.api.figures import MOST_FIGURES
from workflows.http import ANYONE, declare

PREFIX: Final = "/api/v1"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSALS: Final = {
    400: "The body is no JSON, or the key is no key.",
    401: "No token, or one that does not hold.",
    403: "The token may not send these figures, or whoever answers for it lost the right.",
    409: "The key came with other figures before.",
    413: "The body is larger than 2 MiB.",
    415: "Not application/json, or compressed.",
    422: "Something is wrong with the figures: none was written, and `errors` says where.",
    429: "Too many calls in this minute: try again after `Retry-After` seconds.",
    503: "The database does not answer: try again later, with the same key.",
}


class _Description(Api):  # type: ignore[misc]
    """Describes these addresses only; what other addresses say when they refuse is not its business."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """There are some already."""


def install(app: Flask) -> None:
    """Open the API on the application. Its calls carry a token and so need no form key."""
    api = _Description(
        app,
        spec_kwargs={
            "title": "Workflows",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": "Figures for scorecards. Refusals are problems (RFC 9457) in Chinese and English."},
        },
    )
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    described = DescribedBlueprint("api", __name__, url_prefix=PREFIX)
    described.add_url_rule("/figures", "post_figures", _described(described, door.post_figures), methods=["POST"])
    described.after_request(door.note)
    about = Blueprint("api_about", __name__, url_prefix=PREFIX)
    about.add_url_rule("/openapi.json", "openapi", lambda: _openapi(api))
    about.add_url_rule("/<path:address>", "unknown", door.unknown, methods=METHODS)
    for blueprint in (described, about):
        problems.install(blueprint)
        app.extensions["csrf_guard"].exempt(blueprint)
    api.register_blueprint(described)
    app.register_blueprint(about)
    for endpoint in ("api.post_figures", "api_about.openapi", "api_about.unknown"):
        declare(app, endpoint, ANYONE)


def _openapi(api: _Description) -> Response:
    return jsonify(api.spec.to_dict())


def _described(blueprint: DescribedBlueprint, view: Callable[[], Any]) -> Callable[[], Any]:
    """What stands about sending figures in the description, beside its docstring."""
    body = FigureSchema(many=True)
    described: Callable[[], Any] = blueprint.doc(
        security=[{"token": []}],
        parameters=[
            {
                "in": "header",
                "name": door.KEY,
                "description": "Any text of yours; for 30 days the same key gives the same answer and does nothing twice",
                "schema": {"type": "string", "minLength": 1, "maxLength": door.LONGEST_KEY},
            }
        ],
        requestBody={
            "required": True,
            "description": f"1 to {MOST_FIGURES} figures, at most 2 MiB",
            "content": {"application/json": {"schema": body}},
        },
        responses={
            "200": {
                "description": "All figures stand as they were sent.",
                "content": {"application/json": {"schema": TakenSchema}},
            }
        }
        | {
            str(status): {"description": words, "content": {problems.PROBLEM: {"schema": ProblemSchema}}}
            for status, words in REFUSALS.items()
        },
    )(view)
    return described
