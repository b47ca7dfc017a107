import { Type } from 'typebox';

const onOrOff = (byDefault: 'on' | 'off', description: string) =>
  Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], default: byDefault, description });

/** The variables that control who may call a service. */
export const accessConfig = {
  ACCESS: onOrOff('on', 'Require a token. `off`: anybody who reaches the port has every permission.'),
  ACCESS_POLICY_FILE: Type.Optional(
    Type.String({
      description:
        'Path of the policy file, which maps claims of trusted issuers to roles. Required unless `ACCESS` is `off`.',
    }),
  ),
  ACCESS_TOKENS: onOrOff('off', 'Also accept API tokens of Pagebridge.'),
  ACCESS_OFF_IS_INTENDED: Type.Optional(
    Type.Unsafe<'true'>({
      type: 'string',
      enum: ['true'],
      description: 'Allow `ACCESS=off` on addresses other than loopback.',
    }),
  ),
};
