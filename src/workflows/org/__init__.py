"""People: units, positions, duties, absences, accounts, sign-in sessions, and the company's working calendar."""
