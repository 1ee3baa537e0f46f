/** The members of a manifest around its spec; `vendor`, `kind` and `spec` are narrowed by the caller. */
export function envelope({ vendor, kind, spec }) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'vendor', 'metadata', 'spec'],
    properties: {
      apiVersion: {
        const: 'llmform/v1',
        title: 'API version',
        description: 'Version of the manifest format.',
        examples: ['llmform/v1'],
      },
      kind: {
        ...kind,
        title: 'Kind',
        description: 'Kind of object. Every vendor has LLM; LiveAvatar also has Secret.',
        examples: ['LLM'],
      },
      vendor: {
        ...vendor,
        title: 'Vendor',
        description: 'The vendor that the object lives at.',
        examples: ['anam'],
      },
      metadata,
      lifecycle,
      spec: {
        title: 'Spec',
        description:
          "The object's fields, named as the vendor's API names them. A field that is left out is neither compared nor sent.",
        ...spec,
      },
    },
  };
}

/** Fields that the vendor requires on create are required, unless `metadata.id` binds to an existing object. */
export function unlessBound(required) {
  return {
    if: {
      properties: { metadata: { type: 'object', required: ['id'] } },
      required: ['metadata'],
    },
    else: { properties: { spec: { type: 'object', required } } },
  };
}

const metadata = {
  type: 'object',
  title: 'Metadata',
  description: 'What llmform knows the object by.',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      title: 'Name',
      description:
        'Name of the object in this project, unique per target and kind: lower-case letters, digits and hyphens, 1 to 63.',
      pattern: '^[a-z0-9-]{1,63}$',
      examples: ['support'],
    },
    target: {
      type: 'string',
      title: 'Target',
      description:
        'Target of the project file that the object belongs to. May be left out where the project has exactly one target of this vendor.',
      minLength: 1,
      examples: ['anam-prod'],
    },
    id: {
      type: 'string',
      title: 'Id',
      description:
        "The vendor's id of an existing object to bind to. With it, no field of spec is required. An id that does not exist is an error.",
      minLength: 1,
      examples: ['7c0c8f1e-3d3b-4c43-9a59-0b8f5b0a2f11'],
    },
  },
  examples: [{ name: 'support', target: 'anam-prod' }],
};

const lifecycle = {
  type: 'object',
  title: 'Lifecycle',
  description: 'What llmform may do with the object.',
  additionalProperties: false,
  properties: {
    preventDestroy: {
      type: 'boolean',
      title: 'Prevent destroy',
      description: 'Never delete or replace the object. Holds even after this manifest is gone.',
      default: false,
      examples: [true],
    },
    ignoreChanges: {
      type: 'array',
      title: 'Ignore changes',
      description:
        'JSON Pointers into spec of what is left to others: a declared value is sent when the object is created or replaced, and then neither compared nor sent. It may lead to a map key, a member of an object, or an item of a list.',
      items: { type: 'string', pattern: '^(/([^/~]|~[01])*)+$' },
      uniqueItems: true,
      examples: [['/description']],
    },
    allowUnknown: {
      type: 'array',
      title: 'Allow unknown',
      description:
        'JSON Pointers into spec of fields that this schema does not know, because the vendor has them since. They are sent as they are, compared, and reported if the vendor does not keep them.',
      items: { type: 'string', pattern: '^(/([^/~]|~[01])*)+$' },
      uniqueItems: true,
      examples: [['/serviceTier']],
    },
  },
  examples: [{ preventDestroy: true }],
};
