"""The same work as docmill's by other libraries, each run by the Python of its own environment.

Each script takes the source's path, the URL of an OpenAI-compatible server, the context window and
the tokens of an answer, and the path of its output; it imports nothing of docmill.
"""
