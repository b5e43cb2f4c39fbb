"""Parameters of a definition, set by an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from web.visitor import Visitor


@pytest.fixture
def admin(visit_as: Callable[..., Visitor]) -> Visitor:
    return visit_as("luoyong")


def test_a_parameter_is_set_shown_with_its_history_and_set_back(admin: Visitor) -> None:
    where = "/admin/definitions/shop_build/parameters"
    assert f'href="{where}"' in admin.get("/admin/definitions/shop_build").text
    refused = admin.post(where, data={"parameter": "fast_enough", "fast_enough": "快"})
    assert refused.status_code == 422
    assert "请填数字" in refused.text
    assert 'value="快"' in refused.text
    admin.post(where, data={"parameter": "fast_enough", "fast_enough": "2.5"})
    page = admin.get(where).text
    assert '<dd class="num">2.5</dd>' in page
    assert "罗勇" in page
    admin.post(where, data={"parameter": "fast_enough", "back": "1"})
    page = admin.get(where).text
    assert '<dd class="num">3</dd><dt>定义里的值' in page
    assert admin.get("/admin/definitions/nothing/parameters").status_code == 404


def test_each_choice_of_a_duration_is_set_for_itself(admin: Visitor) -> None:
    where = "/admin/definitions/tech_fault/parameters"
    assert "修复时限：紧急" in admin.get(where).text
    admin.post(where, data={"parameter": "fix_within.critical", "fix_within.critical": "3h"})
    page = admin.get(where).text
    assert '<dd class="num">3 小时</dd><dt>定义里的值</dt><dd class="num">4 小时</dd>' in page
    assert '<dd class="num">5 个工作日</dd>' in page
    assert 'value="5wd"' in page, "typed as the definition writes it"
