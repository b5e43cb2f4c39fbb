"""Definitions made up at random, sound by construction: parts, joins, alternatives, timers, loops back, additions without end."""

from __future__ import annotations

from random import Random

WHO = (
    "{position: operations_specialist}",
    "{position: content_specialist}",
    "starter",
    "everyone",
    "{manager_of: starter}",
)
JOINS = ("when: all", "when: any", "when: 50%", "when: 2")


def definition(random: Random, key: str) -> str:
    """A process of two to five states in a line, with ways back and aside."""
    count = random.randint(2, 5)
    states = "".join(_state(random, number, count) for number in range(count))
    return f"""
process: {key}
title: {{zh: 生成{key[1:]}, en: Generated {key[1:]}}}
family: planning
source: D三
name: "{{name}}"
start: {{by: everyone, form: [name, amount, day]}}
fields:
  name:   {{type: text, required: true, zh: 名称, en: Name}}
  amount: {{type: money, required: true, min: 0, zh: 金额, en: Amount}}
  day:    {{type: date, required: true, zh: 日期, en: Day}}
  note:   {{type: long_text, zh: 备注, en: Note}}
  double: {{type: money, formula: amount * 2, zh: 两倍, en: Double}}
  rows:   {{type: table, zh: 明细, en: Rows, columns: {{what: {{type: text, required: true, zh: 内容, en: What}}}}}}
states:{states}
  good: {{title: {{zh: 完成, en: Good}}, end: good}}
  bad:  {{title: {{zh: 未成, en: Bad}}, end: bad}}
anytime:
  move: {{title: {{zh: 改期, en: Move}}, by: everyone, stay: true, form: [day]}}
  stop: {{title: {{zh: 停止, en: Stop}}, by: starter, to: bad, reason: required}}
"""


def _state(random: Random, number: int, count: int) -> str:
    onward = f"s{number + 1}" if number + 1 < count else "good"
    parts = random.randint(1, 3)
    timer = random.choice(
        ["", "", f'\n    after: {{"entered + {random.randint(1, 5)}wd": {onward}}}', f"\n    after: {{day: {onward}}}"]
    )
    tasks = "".join(
        f"\n      p{part}: {{title: {{zh: 部分{part}, en: Part {part}}}, for: {random.choice(WHO)}, edit: [note], due: {random.randint(1, 9)}wd{_extra(random)}}}"
        for part in range(parts)
    )
    join = random.choice(JOINS[:3] if parts < 2 else JOINS) if parts > 1 else ""
    target = random.choice([onward, f"[{{to: {onward}, when: amount > 500}}, {{to: {onward}, else: true}}]"])
    at_once = ", when: any" if parts > 1 else ""
    actions = [f"approve: {{to: {target}{', ' + join if join else ''}}}"]
    if number and random.random() < 0.6:
        chosen = ", tasks: choose" if random.random() < 0.5 else ""
        actions.append(f"send_back: {{to: s{random.randrange(number)}{chosen}, reason: required{at_once}}}")
    if random.random() < 0.4:
        actions.append("add: {stay: true, title: {zh: 添加, en: Add}, form: [what], append: rows}")
    if random.random() < 0.3:
        actions.append(f"reject: {{to: bad, reason: optional{at_once}}}")
    listed = "".join(f"\n      {action}" for action in actions)
    return f"""
  s{number}:
    title: {{zh: 步骤{number}, en: Step {number}}}
    tasks:{tasks}
    actions:{listed}{timer}"""


def _extra(random: Random) -> str:
    return random.choice(["", ", remind: due", ", escalate: {when: due + 1wd, to: {manager_of: holder}}"])
