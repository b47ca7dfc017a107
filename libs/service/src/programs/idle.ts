/* Keeps a container running, so that other programs of the image can be run in it; ends on SIGTERM. */
setInterval(() => undefined, 2 ** 30);
