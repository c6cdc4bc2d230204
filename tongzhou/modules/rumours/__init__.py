"""辟谣 Rumours: what is being said, who checked it against what, and the answer that everyone can read.

rumour    传言   something said, with where it was met and how far it has spread; reported by anyone who can sign in
verdict   结论   true, false, partly true, or not to be established; with what it was checked against
answer    回应   what is published; a later answer corrects an earlier one and shows beside it

A member reports from a telephone in half a minute and is told what came of it. The office checks; a leader who did not judge it
publishes. The answer stands on a page for anyone, and goes to every member of the units it is addressed to.
"""
