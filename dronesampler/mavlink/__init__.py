"""The only room that speaks MAVLink: dialect, link, translate, transfer, command, parameters, log."""
