/** A document of `kind: Ledger`: statements to the ledger, beside the manifests. */
export const statementsSchema = {
  type: 'object',
  title: 'Statements to the ledger',
  description:
    'Which live object an address means, what was renamed, and what is let go. Stays harmless once it was applied.',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'project'],
  properties: {
    apiVersion: {
      const: 'llmform/v1',
      title: 'API version',
      description: 'Version of the manifest format.',
      examples: ['llmform/v1'],
    },
    kind: {
      const: 'Ledger',
      title: 'Kind',
      description: 'Statements to the ledger.',
      examples: ['Ledger'],
    },
    project: {
      type: 'string',
      title: 'Project',
      description:
        'Name of the project that the statements are for. Any other project or environment that reads the same files ignores them.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
      examples: ['avatars'],
    },
    bind: {
      type: 'object',
      title: 'Bind',
      description:
        "The vendor's id of the object that each address means, as metadata.id, without tying the manifest to one account.",
      propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[A-Za-z0-9]{1,63}/[a-z0-9-]{1,63}$' },
      additionalProperties: { type: 'string', minLength: 1 },
      examples: [{ 'anam-prod/LLM/support': '641daf36-39e0-4510-b701-111cb6908d3b' }],
    },
    moved: {
      type: 'array',
      title: 'Moved',
      description:
        'What was renamed: an object (its address), a whole target (its name; the account is the same), or the project (`project NAME`).',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['from', 'to'],
        properties: {
          from: place(
            'From',
            'anam-prod/LLM/support',
            'The address, target or project as it was called before.',
          ),
          to: place('To', 'anam-prod/LLM/helpdesk', 'The address, target or project as it is called now.'),
        },
      },
      examples: [[{ from: 'anam-prod/LLM/support', to: 'anam-prod/LLM/helpdesk' }]],
    },
    forget: {
      type: 'array',
      title: 'Forget',
      description:
        'What is managed here no longer: an object (its address), a whole target, or "*" for everything. The objects stay at the vendor.',
      items: {
        type: 'string',
        pattern: '^(?:[*]$|[A-Za-z0-9][A-Za-z0-9._-]{0,62}(?:/[A-Za-z0-9]{1,63}/[a-z0-9-]{1,63})?$)',
      },
      uniqueItems: true,
      examples: [['flashback-test/LLM/old', 'old-target']],
    },
  },
};

function place(title, example, description) {
  return {
    type: 'string',
    title,
    description,
    examples: [example],
    pattern:
      '^(?:project [A-Za-z0-9]|[A-Za-z0-9])[A-Za-z0-9._-]{0,62}$|^[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[A-Za-z0-9]{1,63}/[a-z0-9-]{1,63}$',
  };
}
