"""The counsellors' page at /desk/: login, tickets, conversation, reply, close."""
