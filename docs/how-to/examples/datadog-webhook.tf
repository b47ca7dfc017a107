resource "datadog_webhook_custom_variable" "pagebridge_token" {
  name      = "PAGEBRIDGE_TOKEN"
  value     = var.pagebridge_token
  is_secret = true
}

resource "datadog_webhook" "pagebridge" {
  name           = "pagebridge"
  url            = "https://intake.example.com/v1/intake/datadog"
  encode_as      = "json"
  custom_headers = jsonencode({ Authorization = "Bearer $PAGEBRIDGE_TOKEN" })
  payload        = file("${path.module}/datadog-webhook.json")
}
