"""What docmill itself says to a model, beside the recipe: second questions and agreed words."""

NOTHING_RELEVANT = "NO RELEVANT INFORMATION"
"""What the prompts have a model answer for a part that bears nothing on the question."""

PROBLEM_CHARS = 400

GLEAN_TEXT = (
    "Go through the source above once more, from its first line to its last, and compare it with "
    "your answers. Write what you missed and the task asks for, in the same form and with the same "
    "evidence; repeat nothing that you have written. If you missed nothing, answer with exactly "
    f"these words and nothing else:\n{NOTHING_RELEVANT}"
)

GLEAN_RECORDS = (
    "Go through the source above once more, from its first line to its last, and compare it with "
    "your answers. Give the records that you missed, in the same form; repeat none that you have "
    "given. If you missed nothing, answer with the same object and an empty list in it."
)


def is_nothing(text: str) -> bool:
    """Tell whether an answer says, in the agreed words, that it has nothing to say."""
    return text.strip().strip("*_.`").upper() == NOTHING_RELEVANT


def mend(problem: str) -> str:
    """Ask for an answer again in the form that the recipe demands."""
    return (
        "Your answer cannot be read by the program that it is for. Its parser says: "
        f"{' '.join(problem.split())[:PROBLEM_CHARS]}\nGive the whole answer again, as one JSON "
        "object that fits the JSON Schema of the task, and nothing else. Keep what you said; leave "
        "out what the source does not have rather than invent it."
    )
