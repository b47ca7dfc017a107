/** Returns why Kafka did not confirm an alert, for a line of the log. */
export const unconfirmedBy = (error: unknown) => ({
  reason: 'kafka-away',
  cause: String(error),
  cure: 'Repair Kafka: the cause and `health alert-intake` name what fails.',
});
