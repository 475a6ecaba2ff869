"""The doors of the workbench: the server on localhost, and the encrypted one for the room."""
