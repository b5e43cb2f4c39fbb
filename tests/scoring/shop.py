"""What the tests of scores share: the shipped cards, cards changed by a word, and figures that give a wanted actual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.randoms import shipped
from workflows.scoring.load import load_card
from workflows.scoring.model import Scorecard
from workflows.scoring.score import Line, score_indicator

Figures = dict[str, Decimal]


def figures(**values: object) -> Figures:
    """Figures from numbers as people write them."""
    return {name: Decimal(str(value)) for name, value in values.items()}


def card_of(key: str) -> Scorecard:
    """The shipped card that has this indicator."""
    return next(card for card in shipped().cards.values() if key in card.every)


def reread(card: Scorecard, *changes: tuple[str, str]) -> Scorecard:
    """The card as it would read with some words changed; each must be there."""
    text = card.text
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_card(text, card.file, shipped().figures)


def scored(key: str, values: Mapping[str, Decimal], category: str = "", card: Scorecard | None = None) -> Line:
    """One indicator by itself."""
    return score_indicator(card or card_of(key), key, values, {"category": category})


def points(
    key: str, values: Mapping[str, Decimal], category: str = "", card: Scorecard | None = None
) -> Fraction | None:
    """The score of one indicator by itself."""
    return scored(key, values, category, card).score


HUNDRED = Decimal(100)


def over(part: str, whole: str, **more: object) -> Callable[[Decimal], Figures]:
    """`part` ÷ `whole` × 100 is the actual."""
    return lambda actual: {part: actual, whole: HUNDRED, **figures(**more)}


def each(part: str, whole: str, **more: object) -> Callable[[Decimal], Figures]:
    """`part` ÷ `whole` is the actual."""
    return lambda actual: {part: actual * 10, whole: Decimal(10), **figures(**more)}


def growth(name: str, **more: object) -> Callable[[Decimal], Figures]:
    """The growth of `name` in percent is the actual."""
    return lambda actual: {name: HUNDRED + actual, f"{name}_prev": HUNDRED, **figures(**more)}


def itself(name: str, **more: object) -> Callable[[Decimal], Figures]:
    """The figure is the actual."""
    return lambda actual: {name: actual, **figures(**more)}


def turnover(**more: object) -> Callable[[Decimal], Figures]:
    """Stock of 10 at both ends."""
    return lambda actual: {"cost_of_sales_3m": actual * 10, **figures(stock_open_3m=10, stock_close=10, **more)}


GIVING: Mapping[str, Callable[[Decimal], Figures]] = {
    "sales_attainment": over("sales", "sales_target"),
    "uv_growth": growth("uv", organic_uv=200),
    "pv_per_uv": each("pv", "uv"),
    "pay_conversion": over("paid_orders", "uv", industry_mean=3),
    "order_value": lambda actual: {"sales": HUNDRED + actual, **figures(paid_orders=1, sales_prev=100, paid_orders_prev=1)},
    "silent_orders": over("silent_orders", "paid_orders"),
    "repurchase": over("repeat_buyers_90d", "paying_buyers_90d"),
    "new_customers": over("new_customer_sales", "sales", new_customers_target=40),
    "stock_turnover": turnover(dead_stock_value=0, stock_value=1),
    "dead_stock": over("dead_stock_value", "stock_value"),
    "promotion_share": over("promotion_cost", "sales"),
    "after_sales_share": over("after_sales_cost", "sales"),
    "activity_response": itself("late_answers"),
    "problem_time": itself("late_problems"),
    "collaboration": lambda actual: {"design_mark": actual * 3, **figures(service_mark=0, logistics_mark=0)},
    "resources": over("resources_on_time", "resources_due"),
    "proposals": itself("accepted_proposals_3m"),
    "knowledge": itself("published_manuals_6m"),
    "shop_compliance": itself("violations", severe_violations=0, data_violations=0),
    "data_security": itself("data_violations"),
    "platform_sales": over("sales", "sales_target"),
    "profit": lambda actual: {"sales": actual + 10, **figures(cost_of_sales=4, promotion_cost=3, after_sales_cost=2, platform_fees=1, profit_target=100)},
    "traffic_growth": growth("uv"),
    "conversion_lift": lambda actual: {"paid_orders": HUNDRED + actual, **figures(uv=1000, paid_orders_prev=100, uv_prev=1000)},
    "team_satisfaction": each("team_mark_sum", "team_marks"),
    "team_attainment": over("team_actual", "team_target"),
    "training_effect": over("training_passed", "training_attended"),
    "plan_completion": over("plan_items_done", "plan_items_due"),
    "strategy_effect": over("changes_effective", "changes_closed"),
    "competitiveness": lambda actual: {"sales": actual, **figures(sales_prev=100, market_sales=7, market_sales_prev=7)},
    "listing_on_time": over("listings_on_time", "listings_due"),
    "pages_done": over("pages_done", "pages_planned"),
    "campaign_effect": over("campaign_sales", "campaign_sales_target"),
    "customer_satisfaction": each("rating_sum", "ratings"),
    "complaints_on_time": over("complaints_within_24h", "complaints_due"),
    "problems_solved": over("problems_solved", "problems_closed"),
    "report_accuracy": over("reports_without_correction", "reports_submitted"),
    "decision_support": over("suggestions_adopted", "suggestions_made"),
    "collection_accuracy": over("records_correct", "records_checked"),
    "processing_on_time": over("datasets_on_time", "datasets_due"),
    "storage_security": itself("data_violations", findings_overdue=0),
    "reports_on_time": over("reports_on_time", "reports_due"),
    "result_accuracy": over("reports_without_correction", "reports_submitted"),
    "result_usefulness": each("usefulness_sum", "usefulness_marks"),
    "decision_effect": over("optimisations_effective", "optimisations_closed"),
    "metrics_improved": over("metrics_improved", "metrics_agreed"),
    "market_share_growth": lambda actual: {"sales": HUNDRED + actual, **figures(market_sales=1000, sales_prev=100, market_sales_prev=1000)},
    "activity_lift": growth("active_users"),
    "sales_target": over("sales", "sales_target"),
    "team_score": each("team_mark_sum", "team_marks"),
    "promotion_roi": each("promotion_sales", "promotion_cost", promotion_roi_target=5),
    "user_conversion": over("promoted_buyers", "promoted_visitors", user_conversion_target=3),
    "brand_awareness": growth("brand_searches"),
    "participants": itself("participants", activities_held=2, participants_target=500),
    "product_growth": growth("line_sales"),
    "line_turnover": turnover(),
    "launch_success": over("launches_successful", "launches_judged"),
    "market_feedback": each("review_sum", "reviews"),
    "service_score": each("rating_sum", "ratings"),
    "complaint_time": each("complaint_hours", "complaints_resolved"),
    "response_time": each("answer_seconds", "questions_answered"),
    "served_repurchase": over("served_repeat_buyers_90d", "served_buyers_90d"),
    "analysis_accuracy": over("reports_without_correction", "reports_submitted"),
    "support_on_time": over("requests_on_time", "requests_due"),
    "monitor_speed": each("alert_hours", "alerts_closed"),
    "metrics_reached": over("metrics_reached", "metrics_set"),
    "fault_time": each("fault_hours", "faults_fixed"),
    "user_score": each("rating_sum", "ratings"),
    "docs_on_time": over("docs_on_time", "docs_due"),
    "stability": itself("downtime_minutes"),
    "content_reads": itself("reads", content_reads_target=10000),
    "interaction": lambda actual: {"likes": actual - 3, **figures(comments=1, shares=1, saves=1, reads=100)},
    "content_conversion": over("content_orders", "content_visits", content_conversion_target=4),
    "content_score": each("rating_sum", "ratings"),
}  # fmt: skip
"""For every indicator: figures that give a wanted actual (of counted ones, that many)."""
