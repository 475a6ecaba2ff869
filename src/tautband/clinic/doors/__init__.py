"""The doors of the workbench to the network: the server on localhost, and the encrypted one for a tablet in the room."""
