"""What people are told: waiting messages become mails, mails become letters, letters leave by SMTP (design.md §5.6).

The engine writes `message` rows with the step that causes them. This room has the pieces that make mails of them; the loop that
claims, commits, sends, finishes and commits again stands in `schedule/`, because below the doors nobody commits.
"""
