"""The console of those who serve: today's tasks, people, imports, reviews, staff, the log of looks.

Pages are made by the server and work without script. It is a process of its own (`serve` starts it
when JIUYE_CONSOLE_PORT is set), and on PostgreSQL its connections see no area until a transaction
names those of the one who is logged in.
"""
