"""A thumbs-down becomes a test case: what people complained about, as questions.

Where the answer is nobody has said, so only what needs no gold is measured of them: whether the
question is refused, and whether what is said is supported. The rest is to be read in the report.
"""

from app.journal import Journal
from eval.questions import Question


def cases_from(journal: Journal) -> tuple[Question, ...]:
    """Each answer that somebody was unhappy with, as a question, oldest complaint first.

    A follow-up is asked as it was searched, without its conversation.
    """
    return tuple(
        Question(
            id=f"feedback {one['answer']['id']}",
            kind=f"feedback: {one['complaint'] or 'bad'}",
            question=one["answer"]["searched_for"],
            answerable=one["complaint"] != "should have refused",
            note=one["note"],
        )
        for one in journal.complaints()
    )
