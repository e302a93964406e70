"""English words for a stretch of time → when it began, and when it ended if it has.

Only what somebody says of their own documents: days, weeks and months up to now.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.language.lexicon import in_order, months

_NUMBERS = {word: number for number, word in enumerate(in_order("ones")[:11]) if number} | {
    "a": 1,
    "an": 1,
    "few": 3,
    "couple of": 2,
    "couple": 2,
}
_HOURS = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 30}

_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>hour|day|week|month)s?"
_RECENT = re.compile(
    rf"(?:since |in |within |over |during |for )?(?:the )?(?:last|past) (?:{_COUNT} )?{_UNIT}"
)
_AGO = re.compile(rf"(?:a )?{_COUNT} {_UNIT} ago")
_LEAD = re.compile(r"(?P<open>since|from|after|starting(?: from)?)|in|on|during|within|over|for")
_MONTH = rf"(?P<month>{'|'.join(sorted(months(), key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_WRITTEN = (
    re.compile(rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}"),
    re.compile(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}"),
)


@dataclass(frozen=True)
class Period:
    """`[since, until)`; it goes on where `until` is None. Both know their time zone."""

    since: datetime
    until: datetime | None = None


def period(words: str, now: datetime) -> Period | None:
    """Return the time that `words` name as seen from `now`, or None where they name none.

    `now` knows its time zone, and days begin at midnight there. "last week" is the calendar week
    before this one, "the last week" the seven days up to now; "since" leaves the end open.
    """
    words = " ".join(words.lower().split())
    recent = _RECENT.fullmatch(words)
    if recent and (recent["count"] or "the " in words or "past" in words):
        return Period(now - timedelta(hours=_HOURS[recent["unit"]] * _count(recent["count"])))
    lead = _LEAD.match(words)
    rest = words[lead.end() :].strip() if lead else words
    days = _days(rest, now)
    if days is None:
        return None
    since, until = (datetime.combine(day, time(), now.tzinfo) for day in days)
    if since > now:
        return None
    goes_on = bool(lead and lead["open"]) or until > now
    return Period(since, None if goes_on else until)


def _days(words: str, now: datetime) -> tuple[date, date] | None:
    """Return the first day that is named and the day after the last."""
    today = now.date()
    ago = _AGO.fullmatch(words)
    if ago:
        return _one_day((now - timedelta(hours=_HOURS[ago["unit"]] * _count(ago["count"]))).date())
    this_week = today - timedelta(days=today.weekday())
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    named = {
        "today": _one_day(today),
        "yesterday": _one_day(today - timedelta(days=1)),
        "the day before yesterday": _one_day(today - timedelta(days=2)),
        "this week": (this_week, this_week + timedelta(days=7)),
        "last week": (this_week - timedelta(days=7), this_week),
        "this month": (this_month, this_month + timedelta(days=31)),
        "last month": (last_month, this_month),
    }
    if words in named:
        return named[words]
    weekday = words.removeprefix("last ")
    if weekday in in_order("weekdays"):
        back = (today.weekday() - in_order("weekdays").index(weekday)) % 7
        return _one_day(today - timedelta(days=back or 7 * words.startswith("last ")))
    return _date(words, today)


def _date(words: str, today: date) -> tuple[date, date] | None:
    """Return the day of a written date; without a year, the last one there has been."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
            return _one_day(date.fromisoformat(words))
        for pattern in _WRITTEN:
            found = pattern.fullmatch(words)
            if found:
                month = in_order("months").index(months()[found["month"]]) + 1
                day = date(int(found["year"] or today.year), month, int(found["day"]))
                if day > today and not found["year"]:
                    day = day.replace(year=day.year - 1)
                return _one_day(day)
    except ValueError:  # 31 February
        return None
    return None


def _one_day(day: date) -> tuple[date, date]:
    return day, day + timedelta(days=1)


def _count(words: str | None) -> int:
    if not words:
        return 1
    return int(words) if words.isdigit() else _NUMBERS[words]
