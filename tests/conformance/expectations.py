"""The `# expect QUESTION = NUMBER` lines of a conformance case."""

from fractions import Fraction


def expectations(text):
    """-> [(question, number as written)], in file order."""
    out = []
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("# expect chance of "):
            question, _, value = line[len("# expect "):].rpartition(" = ")
            out.append((question.strip(), value.strip()))
    return out


def number(text):
    return Fraction(text.replace(" ", ""))
