"""Every page, dialog and widget in every state: for eyes, for pictures, for tests.

States are declared beside what they show, in a module called `shown` (`app/ui/users/shown.py`,
`app/ui/widgets/shown.py`), as a tuple `SHOWN` of `Shown`; a test fails for a page, a dialog or a
widget of the stock that has none. What is declared is found by itself: `gallery.finding`.

**A page** declares all its usual states in one call, because a `Stage` can give it any desk and any
kind of answer: a made-up product in full, nothing on record, extreme texts and numbers, a database
that cannot be written, questions that stay open, questions that fail::

    SHOWN = whole_page(
        "users", UsersPage, ready=amira, extreme={"hostile text": extremes.HOSTILE_ID}
    )

**Anything else** says how it is built, on a frame like the one its page gets::

    Shown(StatCard, "ready", lambda frame: StatCard("Balance", "1,284", "150 expire"))
    Shown(IssueDialog, "over the limit", over_the_limit, desk="demo")

A builder gets a hidden window over the desk it names (`frame.desk`; None without one), and the
questions of what it builds are answered as ``answers`` says. Pictures show what is there once every
question has its answer; what waits for a timer of its own is not waited for.
"""
