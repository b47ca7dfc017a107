/** Something that is not there, or is taken, with the status to answer; the message goes to the caller. */
export class ControlRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const unknown = (what: string, name: string): ControlRefusal =>
  new ControlRefusal(404, `There is no ${what} ${name} here.`);
