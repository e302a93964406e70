"""English words for a stretch of time. Now is Sunday, 22 November 2026, three in the afternoon."""

from datetime import datetime, timedelta, timezone

import pytest

from app.language.periods import Period, period

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=ZONE)


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("today", day(11, 22), None),
        ("since today", day(11, 22), None),
        ("yesterday", day(11, 21), day(11, 22)),
        ("since yesterday", day(11, 21), None),
        ("since the day before yesterday", day(11, 20), None),
        ("this week", day(11, 16), None),
        ("last week", day(11, 9), day(11, 16)),
        ("since last week", day(11, 9), None),
        ("in the last week", NOW - timedelta(days=7), None),
        ("over the past week", NOW - timedelta(days=7), None),
        ("this month", day(11, 1), None),
        ("last month", day(10, 1), day(11, 1)),
        ("since Monday", day(11, 16), None),
        ("since last Sunday", day(11, 15), None),
        ("on Friday", day(11, 20), day(11, 21)),
        ("3 days ago", day(11, 19), day(11, 20)),
        ("since two weeks ago", day(11, 8), None),
        ("a week ago", day(11, 15), day(11, 16)),
        ("in the last 3 days", NOW - timedelta(days=3), None),
        ("within the past couple of days", NOW - timedelta(days=2), None),
        ("in the last 24 hours", NOW - timedelta(days=1), None),
        ("since 2026-11-01", day(11, 1), None),
        ("on 2026-11-01", day(11, 1), day(11, 2)),
        ("since 1 November", day(11, 1), None),
        ("since the 1st of November", day(11, 1), None),
        ("since November 1st, 2026", day(11, 1), None),
        ("since Nov 1", day(11, 1), None),
        ("since 24 December", day(12, 24, 2025), None),
    ],
)
def test_a_stretch_of_time_is_understood(
    words: str, since: datetime, until: datetime | None
) -> None:
    assert period(words, NOW) == Period(since, until)


@pytest.mark.parametrize(
    "words",
    [
        "", "since", "in GPT-4", "in transformers", "since 1990", "last", "since the war",
        "since 31 February", "since 2026-13-01", "since 1 December 2030", "tomorrow",
        "in the last century", "in the last 10 years",
    ],
)  # fmt: skip
def test_other_words_name_no_time(words: str) -> None:
    assert period(words, NOW) is None
