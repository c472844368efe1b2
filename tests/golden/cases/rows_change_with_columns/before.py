from peewee import CharField, CompositeKey, ForeignKeyField, Model, TextField


class Role(Model):
    name = CharField(max_length=40, unique=True)
    remark = TextField(null=True)

    class Meta:
        peewee_mig = {
            "rows": [
                {"name": "admin", "remark": "all of it"},
                {"name": "editor", "remark": None},
                {"name": "guest"},
            ]
        }


class Permission(Model):
    code = CharField(max_length=40, primary_key=True)

    class Meta:
        peewee_mig = {"rows": [{"code": "read"}, {"code": "write"}]}


class RolePermission(Model):
    role = ForeignKeyField(Role)
    permission = ForeignKeyField(Permission)

    class Meta:
        primary_key = CompositeKey("role", "permission")
        peewee_mig = {
            "rows": [
                {"role": "admin", "permission": "write"},
                {"role": "guest", "permission": "read"},
            ]
        }


class Person(Model):
    name = CharField(max_length=40)
    role = ForeignKeyField(Role)
