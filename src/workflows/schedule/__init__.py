"""The clock's door: what is due is done, each job as a step of its own.

Tables remember what is due (`timer`, `signal`, `schedule_run`, `message`, `mail`); APScheduler only rings. A scheduler that dies
forgets nothing, because it knows nothing; several of them share the work on PostgreSQL, on SQLite there is one.
"""
