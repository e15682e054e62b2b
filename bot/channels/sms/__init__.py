"""SMS through a Kannel gateway: it calls our address for each message, we call its sendsms.

Measured on Kannel 1.4.5; `deploy/kannel.conf` is the configuration that goes with it.
"""
