/* Keeps a container up, so that other programs of the image can be run in it; ends as any program does, on SIGTERM. */
setInterval(() => undefined, 2 ** 30);
