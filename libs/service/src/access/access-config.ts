import { Type } from 'typebox';

const onOrOff = (byDefault: 'on' | 'off', description: string) =>
  Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], default: byDefault, description });

/** The variables that say who may call a service. */
export const accessConfig = {
  ACCESS: onOrOff('on', 'Whether callers need a token. `off`: anybody who reaches the port may do everything.'),
  ACCESS_POLICY_FILE: Type.Optional(
    Type.String({
      description:
        'Path of the policy: whose tokens are believed, and which of their claims give which role. Needed unless `ACCESS` is `off`.',
    }),
  ),
  ACCESS_TOKENS: onOrOff('off', 'Whether the API tokens that Pagebridge makes itself are believed too.'),
  ACCESS_OFF_IS_INTENDED: Type.Optional(
    Type.Unsafe<'true'>({
      type: 'string',
      enum: ['true'],
      description: 'Lets a service with `ACCESS=off` listen on other addresses than loopback.',
    }),
  ),
};
