-- Who registered with a code, whether it counted or not: asked for with every account that is shown.

CREATE INDEX user_referred_by ON user (referred_by) WHERE referred_by IS NOT NULL;
