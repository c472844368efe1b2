from peewee import CharField, CompositeKey, ForeignKeyField, IntegerField, Model


class Role(Model):
    name = CharField(max_length=40, unique=True)
    rank = IntegerField(default=1)
    parent = ForeignKeyField("self", null=True)

    class Meta:
        peewee_mig = {
            "rows": [
                {"name": "admin", "rank": 9},
                {"name": "editor", "parent": "author"},
                {"name": "author", "parent": "admin"},
            ]
        }


class Permission(Model):
    code = CharField(max_length=40, primary_key=True)

    class Meta:
        peewee_mig = {"rows": [{"code": "read"}, {"code": "write"}, {"code": "publish"}]}


class RolePermission(Model):
    role = ForeignKeyField(Role)
    permission = ForeignKeyField(Permission)

    class Meta:
        primary_key = CompositeKey("role", "permission")
        peewee_mig = {
            "rows": [
                {"role": "admin", "permission": "write"},
                {"role": "author", "permission": "publish"},
            ]
        }


class Person(Model):
    name = CharField(max_length=40)
    role = ForeignKeyField(Role)
