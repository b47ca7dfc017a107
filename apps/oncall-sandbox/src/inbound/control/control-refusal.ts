/** An unknown or duplicate object, with the status of the answer; the message is sent to the caller. */
export class ControlRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const unknown = (what: string, name: string): ControlRefusal =>
  new ControlRefusal(404, `There is no ${what} ${name} here.`);
