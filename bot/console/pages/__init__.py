"""Pages of the console, by subject: handlers of requests, each with its routes."""
