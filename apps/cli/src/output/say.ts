/** Prints a message for people to stderr: stdout has the data. */
export const say = (message: string): void => void process.stderr.write(`${message}\n`);
