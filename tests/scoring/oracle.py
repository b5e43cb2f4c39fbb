"""The scorecards a second time, straight from the document in plain fractions: nothing of the program is used here.

Each line is written out by hand: weight, target, and a function whose arguments are the names of its figures. `score_of` and
`total_of` know the rules about missing figures, no case in the month, and whose weight goes where.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

F = Fraction
SET = "set"
PROFIT = "no target figure"
"""The target of `profit` cannot be set by `profit_target`: that is the money aimed at."""


@dataclass(frozen=True)
class Row:
    weight: F
    target: Any
    score: Callable[..., F]
    cases: str | None = None

    @cached_property
    def arguments(self) -> list[str]:
        return list(inspect.signature(self.score).parameters)

    @cached_property
    def names(self) -> list[str]:
        return [name for name in self.arguments if name != "target"]


def up(actual: F, target: F, most: int = 120) -> F:
    if target <= 0:
        raise ZeroDivisionError
    return min(F(most), max(F(0), actual / target * 100))


def down(actual: F, target: F) -> F:
    if target <= 0:
        raise ZeroDivisionError
    return min(F(120), max(F(0), (2 - actual / target) * 100))


def whole(gap: F, step: int, points: int) -> F:
    """100 − points × whole steps of the gap, not held to 0 yet."""
    return F(points) * math.floor(max(gap, F(0)) / step)


def d(gap: F, step: int, points: int) -> F:
    return max(F(0), 100 - whole(gap, step, points))


def sales(sales: F, sales_target: F, target: F) -> F:
    rate = sales / sales_target * 100 / target * 100 if target > 0 else F(1) / F(0)
    return F(0) if rate < 80 else min(rate, F(120))


def turnover_cost(cost_of_sales_3m: F, stock_open_3m: F, stock_close: F, target: F) -> F:
    if target <= 0:
        raise ZeroDivisionError
    actual = cost_of_sales_3m / ((stock_open_3m + stock_close) / 2)
    return whole((target - actual) / target * 100, 10, 5)


def dead_cost(dead_stock_value: F, stock_value: F, target: F) -> F:
    return whole(dead_stock_value / stock_value * 100 - target, 1, 2)


def turnover(
    cost_of_sales_3m: F, stock_open_3m: F, stock_close: F, dead_stock_value: F, stock_value: F, target: F, dead: F
) -> F:
    cost = turnover_cost(cost_of_sales_3m, stock_open_3m, stock_close, target)
    return max(F(0), 100 - cost - dead_cost(dead_stock_value, stock_value, dead))


def relative(actual: F, target: F, step: int, points: int) -> F:
    if target <= 0:
        raise ZeroDivisionError
    return d((target - actual) / target * 100, step, points)


def growth(now: F, before: F) -> F:
    return (now - before) / before * 100


REPURCHASE = ("category", {"fast_moving": F(30), "durable": F(20)})
TURNOVER = ("category", {"apparel": F(4), "three_c": F(2)})


def row(weight: object, target: Any, score: Callable[..., F], cases: str | None = None) -> Row:
    return Row(
        F(str(weight)),
        F(str(target)) if isinstance(target, int | float | str) and target not in (SET, PROFIT) else target,
        score,
        cases,
    )


def share(part: F, whole_: F) -> F:
    return part / whole_ * 100


OPERATOR: dict[str, Row] = {
    "sales_attainment": row(30, 100, sales),
    "uv_growth": row(10, 20, lambda uv, uv_prev, organic_uv, target: d(target - growth(uv, uv_prev), 5, 3)),
    "pv_per_uv": row(5, 3, lambda pv, uv, target: relative(pv / uv, target, 5, 3)),
    "pay_conversion": Row(F(15), ("plus", "industry_mean", F(5)), lambda paid_orders, uv, target: d(target - share(paid_orders, uv), 2, 5)),
    "order_value": row(10, 5, lambda sales, paid_orders, sales_prev, paid_orders_prev, target: d(target - growth(sales / paid_orders, sales_prev / paid_orders_prev), 2, 5)),
    "silent_orders": row(5, 20, lambda silent_orders, paid_orders, target: d(target - share(silent_orders, paid_orders), 2, 5)),
    "repurchase": Row(F(7), REPURCHASE, lambda repeat_buyers_90d, paying_buyers_90d, target: d(target - share(repeat_buyers_90d, paying_buyers_90d), 2, 3)),
    "new_customers": Row(F(3), SET, lambda new_customer_sales, sales, target: d(target - share(new_customer_sales, sales), 2, 3)),
    "stock_turnover": Row(F(10), TURNOVER, turnover),
    "promotion_share": row(5, 15, lambda promotion_cost, sales, target: d(share(promotion_cost, sales) - target, 1, 2)),
    "after_sales_share": row(3, 3, lambda after_sales_cost, sales, target: d(share(after_sales_cost, sales) - target, 1, 2)),
    "activity_response": row(1, 0, lambda late_answers: 100 - 5 * (late_answers // 3) - late_answers % 3 if late_answers < 60 else F(0)),
    "problem_time": row(1, 0, lambda late_problems: 100 - 5 * (late_problems // 3) - late_problems % 3 if late_problems < 60 else F(0)),
    "collaboration": row(5, 8, lambda design_mark, service_mark, logistics_mark, target: F(100) if (design_mark + service_mark + logistics_mark) / 3 >= target else (design_mark + service_mark + logistics_mark) / 3 * 10),
    "resources": row(5, 95, lambda resources_on_time, resources_due, target: d(target - share(resources_on_time, resources_due), 5, 2), "resources_due"),
    "proposals": row(3, 2, lambda accepted_proposals_3m, target: up(accepted_proposals_3m, target, 100)),
    "knowledge": row(2, 1, lambda published_manuals_6m, target: F(100) if published_manuals_6m >= target else F(0)),
    "shop_compliance": row(5, 0, lambda violations, severe_violations, data_violations: max(F(0), 100 - 10 * violations - 50 * severe_violations - 20 * data_violations)),
}  # fmt: skip

TRAFFIC = ("uv_growth", "pv_per_uv", "pay_conversion", "order_value", "silent_orders")

SUPERVISOR: dict[str, Row] = {
    "platform_sales": row(10, 100, lambda sales, sales_target, target: up(share(sales, sales_target), target)),
    "profit": Row(F(10), PROFIT, lambda sales, cost_of_sales, promotion_cost, after_sales_cost, platform_fees, profit_target: up(share(sales - cost_of_sales - promotion_cost - after_sales_cost - platform_fees, profit_target), F(100))),
    "traffic_growth": row(10, 20, lambda uv, uv_prev, target: up(growth(uv, uv_prev), target)),
    "conversion_lift": row(10, 5, lambda paid_orders, uv, paid_orders_prev, uv_prev, target: up(growth(paid_orders / uv, paid_orders_prev / uv_prev), target)),
    "team_satisfaction": row(10, 8, lambda team_mark_sum, team_marks, target: up(team_mark_sum / team_marks, target)),
    "team_attainment": row(10, 100, lambda team_actual, team_target, target: up(share(team_actual, team_target), target)),
    "training_effect": row(10, 90, lambda training_passed, training_attended, target: up(share(training_passed, training_attended), target), "training_attended"),
    "plan_completion": row(10, 95, lambda plan_items_done, plan_items_due, target: up(share(plan_items_done, plan_items_due), target)),
    "strategy_effect": row(10, 70, lambda changes_effective, changes_closed, target: up(share(changes_effective, changes_closed), target), "changes_closed"),
    "competitiveness": row(10, 102, lambda sales, sales_prev, market_sales, market_sales_prev, target: up((sales / sales_prev) / (market_sales / market_sales_prev) * 100, target)),
}  # fmt: skip

SPECIALIST: dict[str, Row] = {
    "listing_on_time": row("12.5", 95, lambda listings_on_time, listings_due, target: up(share(listings_on_time, listings_due), target), "listings_due"),
    "pages_done": row("12.5", 95, lambda pages_done, pages_planned, target: up(share(pages_done, pages_planned), target), "pages_planned"),
    "campaign_effect": row("12.5", 100, lambda campaign_sales, campaign_sales_target, target: up(share(campaign_sales, campaign_sales_target), target), "campaign_sales_target"),
    "customer_satisfaction": row("12.5", "4.8", lambda rating_sum, ratings, target: up(rating_sum / ratings, target), "ratings"),
    "complaints_on_time": row("12.5", 95, lambda complaints_within_24h, complaints_due, target: up(share(complaints_within_24h, complaints_due), target), "complaints_due"),
    "problems_solved": row("12.5", 95, lambda problems_solved, problems_closed, target: up(share(problems_solved, problems_closed), target), "problems_closed"),
    "report_accuracy": row("12.5", 98, lambda reports_without_correction, reports_submitted, target: up(share(reports_without_correction, reports_submitted), target), "reports_submitted"),
    "decision_support": row("12.5", 50, lambda suggestions_adopted, suggestions_made, target: up(share(suggestions_adopted, suggestions_made), target), "suggestions_made"),
}  # fmt: skip

DATA_SPECIALIST: dict[str, Row] = {
    "collection_accuracy": row("12.5", 99, lambda records_correct, records_checked, target: up(share(records_correct, records_checked), target)),
    "processing_on_time": row("12.5", 98, lambda datasets_on_time, datasets_due, target: up(share(datasets_on_time, datasets_due), target)),
    "storage_security": row("12.5", 0, lambda data_violations, findings_overdue: max(F(0), 100 - 20 * data_violations - 10 * findings_overdue)),
    "reports_on_time": row("12.5", 100, lambda reports_on_time, reports_due, target: up(share(reports_on_time, reports_due), target)),
    "result_accuracy": row("12.5", 98, lambda reports_without_correction, reports_submitted, target: up(share(reports_without_correction, reports_submitted), target)),
    "result_usefulness": row("12.5", 8, lambda usefulness_sum, usefulness_marks, target: up(usefulness_sum / usefulness_marks, target)),
    "decision_effect": row("12.5", 70, lambda optimisations_effective, optimisations_closed, target: up(share(optimisations_effective, optimisations_closed), target), "optimisations_closed"),
    "metrics_improved": row("12.5", 60, lambda metrics_improved, metrics_agreed, target: up(share(metrics_improved, metrics_agreed), target)),
}  # fmt: skip

MANAGER: dict[str, Row] = {
    "market_share_growth": row(25, 2, lambda sales, market_sales, sales_prev, market_sales_prev, target: up(growth(sales / market_sales, sales_prev / market_sales_prev), target)),
    "activity_lift": row(25, 5, lambda active_users, active_users_prev, target: up(growth(active_users, active_users_prev), target)),
    "sales_target": row(25, 100, lambda sales, sales_target, target: up(share(sales, sales_target), target)),
    "team_score": row(25, 8, lambda team_mark_sum, team_marks, target: up(team_mark_sum / team_marks, target)),
}  # fmt: skip

MARKETING: dict[str, Row] = {
    "promotion_roi": Row(F(25), SET, lambda promotion_sales, promotion_cost, target: up(promotion_sales / promotion_cost, target), "promotion_cost"),
    "user_conversion": Row(F(25), SET, lambda promoted_buyers, promoted_visitors, target: up(share(promoted_buyers, promoted_visitors), target)),
    "brand_awareness": row(25, 5, lambda brand_searches, brand_searches_prev, target: up(growth(brand_searches, brand_searches_prev), target)),
    "participants": Row(F(25), SET, lambda participants, target, activities_held: up(participants, target), "activities_held"),
}  # fmt: skip

PRODUCT: dict[str, Row] = {
    "product_growth": row(25, 5, lambda line_sales, line_sales_prev, target: up(growth(line_sales, line_sales_prev), target)),
    "line_turnover": Row(F(25), TURNOVER, lambda cost_of_sales_3m, stock_open_3m, stock_close, target: up(cost_of_sales_3m / ((stock_open_3m + stock_close) / 2), target)),
    "launch_success": row(25, 60, lambda launches_successful, launches_judged, target: up(share(launches_successful, launches_judged), target), "launches_judged"),
    "market_feedback": row(25, "4.8", lambda review_sum, reviews, target: up(review_sum / reviews, target)),
}  # fmt: skip

SERVICE: dict[str, Row] = {
    "service_score": row(25, "4.8", lambda rating_sum, ratings, target: up(rating_sum / ratings, target), "ratings"),
    "complaint_time": row(25, 24, lambda complaint_hours, complaints_resolved, target: down(complaint_hours / complaints_resolved, target), "complaints_resolved"),
    "response_time": row(25, 60, lambda answer_seconds, questions_answered, target: down(answer_seconds / questions_answered, target), "questions_answered"),
    "served_repurchase": Row(F(25), REPURCHASE, lambda served_repeat_buyers_90d, served_buyers_90d, target: up(share(served_repeat_buyers_90d, served_buyers_90d), target)),
}  # fmt: skip

ANALYST: dict[str, Row] = {
    "analysis_accuracy": row(25, 98, lambda reports_without_correction, reports_submitted, target: up(share(reports_without_correction, reports_submitted), target)),
    "support_on_time": row(25, 95, lambda requests_on_time, requests_due, target: up(share(requests_on_time, requests_due), target), "requests_due"),
    "monitor_speed": row(25, 24, lambda alert_hours, alerts_closed, target: down(alert_hours / alerts_closed, target), "alerts_closed"),
    "metrics_reached": row(25, 80, lambda metrics_reached, metrics_set, target: up(share(metrics_reached, metrics_set), target)),
}  # fmt: skip

SUPPORT: dict[str, Row] = {
    "fault_time": row(25, 8, lambda fault_hours, faults_fixed, target: down(fault_hours / faults_fixed, target), "faults_fixed"),
    "user_score": row(25, "4.5", lambda rating_sum, ratings, target: up(rating_sum / ratings, target), "ratings"),
    "docs_on_time": row(25, 95, lambda docs_on_time, docs_due, target: up(share(docs_on_time, docs_due), target), "docs_due"),
    "stability": row(25, "43.2", lambda target, downtime_minutes: down(downtime_minutes, target)),
}  # fmt: skip

CONTENT: dict[str, Row] = {
    "content_reads": Row(F(25), SET, lambda target, reads: up(reads, target)),
    "interaction": row(25, 5, lambda likes, comments, shares, saves, reads, target: up(share(likes + comments + shares + saves, reads), target), "reads"),
    "content_conversion": Row(F(25), SET, lambda content_orders, content_visits, target: up(share(content_orders, content_visits), target), "content_visits"),
    "content_score": row(25, "4.5", lambda rating_sum, ratings, target: up(rating_sum / ratings, target), "ratings"),
}  # fmt: skip

CARDS: dict[str, dict[str, Row]] = {
    "ecommerce_operator": OPERATOR, "operations_supervisor": SUPERVISOR, "operations_specialist": SPECIALIST,
    "data_specialist": DATA_SPECIALIST, "operations_manager": MANAGER, "marketing_specialist": MARKETING, "product_manager": PRODUCT,
    "customer_service_agent": SERVICE, "data_analyst": ANALYST, "technical_support_engineer": SUPPORT, "content_specialist": CONTENT,
}  # fmt: skip

PARTS = {"dead_stock": "stock_turnover", "data_security": "shop_compliance"}


@dataclass(frozen=True)
class Found:
    """`status` as the document knows it: a score, missing, undefined (a divisor of zero), not applicable, dropped."""

    status: str
    score: F | None = None


def target_of(key: str, row: Row, figures: Mapping[str, F], category: str | None) -> F | None:
    if row.target == PROFIT:
        return F(100)
    if f"{key}_target" in figures:
        return figures[f"{key}_target"]
    if isinstance(row.target, tuple):
        if row.target[0] == "plus":
            base = figures.get(row.target[1])
            return None if base is None else base + row.target[2]
        return row.target[1].get(category)
    return None if row.target == SET else row.target


def left_out(key: str, row: Row, figures: Mapping[str, F]) -> Found | None:
    """No case in the month; or too little natural traffic for the growth of visitors to count."""
    if row.cases is not None and figures.get(row.cases) == 0:
        return Found("not applicable")
    if key == "uv_growth" and "organic_uv" in figures and "uv" in figures:
        if figures["uv"] == 0:
            return Found("undefined")
        if figures["organic_uv"] / figures["uv"] * 100 < 60:
            return Found("dropped")
    return None


def score_of(key: str, row: Row, figures: Mapping[str, F], category: str | None) -> Found:
    if (aside := left_out(key, row, figures)) is not None:
        return aside
    arguments: dict[str, F] = {}
    for name in row.names:
        if name == "dead":
            arguments["dead"] = figures.get("dead_stock_target", F(5))
        elif name not in figures:
            return Found("missing")
        else:
            arguments[name] = figures[name]
    if "target" in row.arguments:
        target = target_of(key, row, figures, category)
        if target is None:
            return Found("missing")
        arguments["target"] = target
    try:
        return Found("scored", row.score(**arguments))
    except ZeroDivisionError:
        return Found("undefined")


def total_of(
    position: str, figures: Mapping[str, F], category: str | None
) -> tuple[dict[str, Found], dict[str, F], F | None]:
    """Every line, its weight now, and the total: None while a line is missing or undefined, or none counts."""
    rows = CARDS[position]
    found = {key: score_of(key, row, figures, category) for key, row in rows.items()}
    weights = {key: row.weight for key, row in rows.items()}
    if position == "ecommerce_operator":
        for key in TRAFFIC:
            weights[key] = weights[key] * 20 / 45
        if found["uv_growth"].status == "dropped":
            for key in TRAFFIC[1:]:
                weights[key] = weights[key] * 20 / (20 - weights["uv_growth"])
    kept = sum((weights[key] for key in rows if found[key].status not in ("not applicable", "dropped")), F(0))
    weights = {
        key: F(0) if found[key].status in ("not applicable", "dropped") else weights[key] / kept * 100 for key in rows
    }
    if not kept or any(one.status in ("missing", "undefined") for one in found.values()):
        return found, weights, None
    return found, weights, sum((weights[key] * (one.score or F(0)) / 100 for key, one in found.items()), F(0))
