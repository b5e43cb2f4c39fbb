"""What `workflows check` proves of definitions before anybody works by them (language.md §5).

One file per proof. Each walks the frozen process and yields findings: a sentence, a place, and where there is one the way
through the process on which it goes wrong. `prove.prove` runs them all over a family of processes.
"""
