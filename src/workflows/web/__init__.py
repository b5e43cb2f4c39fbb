"""The screens: pages for people, in both languages, with and without JavaScript (screens.md)."""

from __future__ import annotations

from flask import Blueprint

from workflows.settings import Settings
from workflows.web import (
    admin_absences,
    admin_calendar,
    admin_definitions,
    admin_import,
    admin_incidents,
    admin_messages,
    admin_parameters,
    admin_people,
    admin_positions,
    admin_schedules,
    admin_timers,
    audit,
    case,
    cycle,
    cycle_waive,
    desk,
    diagrams,
    drafts,
    duties,
    figures,
    figures_person,
    figures_upload,
    files,
    health,
    me,
    process_map,
    process_page,
    public,
    report,
    report_file,
    report_load,
    result,
    scorecards,
    search,
    shell,
    signin,
    similar,
    start,
    tasks,
    team,
    training,
    work,
)


def blueprints(settings: Settings) -> list[Blueprint]:
    """Every page there is, in the order in which they are registered."""
    rooms = (
        shell, signin, me, duties, drafts, health,
        work, tasks, case, similar, start, search, team, cycle, cycle_waive, training, desk, result, public, scorecards, figures, figures_upload, figures_person, report, report_file, report_load, process_map, process_page, audit, diagrams, files,
        admin_people, admin_positions, admin_absences, admin_import,
        admin_definitions, admin_parameters, admin_schedules, admin_timers, admin_messages, admin_calendar, admin_incidents,
    )  # fmt: skip
    pages = [room.blueprint for room in rooms]
    return [*pages, admin_messages.demo_blueprint] if settings.demo else pages
